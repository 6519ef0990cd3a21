//! Compares two Candid interfaces by structure, method by method and field by field.
//!
//! Candid's own subtyping is not enough to keep clients working: it lets an optional field vanish, turns
//! `opt nat8` and `opt vec` into each other (the reader just sees null) and lets arguments drop fields.
//! The rule held here: a newer interface has every older method with the same mode and the same
//! structure, may add methods, and may add *optional* fields to records. Variants stay as they are.

use candid::TypeEnv;
use candid::types::{Field, Function, Type, TypeInner};
use candid_parser::utils::CandidSource;
use std::fmt;

/// Where two interfaces differ, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The way to the place, e.g. `set_page_view argument 1 .device`.
    pub place: String,
    /// What differs.
    pub what: What,
}

/// How two interfaces differ in one place.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// The newer interface lacks the method, field or case.
    Missing,
    /// The newer record has a field that is not optional.
    AddedRequiredField,
    /// The newer variant has a case that older readers do not know.
    AddedCase,
    /// Query became update, or the like.
    Mode,
    /// Another number of arguments or results.
    Count { older: usize, newer: usize },
    /// Another type.
    Kind { older: String, newer: String },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.place, self.what)
    }
}

/// An interface: its types and its methods.
pub struct Interface {
    env: TypeEnv,
    service: Type,
}

impl Interface {
    /// Reads a `.did` text. Init arguments are put aside: old ones are decoded in a test of their own.
    pub fn parse(text: &str) -> Self {
        let (_, (env, service)) =
            candid_parser::utils::instantiate_candid(CandidSource::Text(text))
                .expect("valid Candid");
        Self { env, service }
    }

    fn methods(&self) -> &[(String, Type)] {
        self.env.as_service(&self.service).expect("a service")
    }

    /// A type with its names resolved, one level deep.
    fn resolve<'a>(&'a self, ty: &'a Type) -> Type {
        self.env.trace_type(ty).expect("a known type")
    }
}

/// Every way in which `newer` breaks clients of `older`; empty when it doesn't.
pub fn differences(older: &Interface, newer: &Interface) -> Vec<Difference> {
    let mut walk = Walk {
        older,
        newer,
        found: Vec::new(),
    };
    for (name, ty) in older.methods() {
        match newer.methods().iter().find(|(other, _)| other == name) {
            None => walk.report(name, What::Missing),
            Some((_, newer_ty)) => {
                let older_fn = older.env.as_func(ty).expect("a function");
                let newer_fn = newer.env.as_func(newer_ty).expect("a function");
                walk.function(name, older_fn, newer_fn);
            }
        }
    }
    walk.found
}

/// A walk over both interfaces at once.
struct Walk<'a> {
    older: &'a Interface,
    newer: &'a Interface,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn report(&mut self, place: &str, what: What) {
        self.found.push(Difference {
            place: place.to_owned(),
            what,
        });
    }

    fn function(&mut self, name: &str, older: &Function, newer: &Function) {
        if older.modes != newer.modes {
            self.report(name, What::Mode);
        }
        self.sequence(&format!("{name} argument"), &older.args, &newer.args);
        self.sequence(&format!("{name} result"), &older.rets, &newer.rets);
    }

    fn sequence(&mut self, place: &str, older: &[Type], newer: &[Type]) {
        if older.len() != newer.len() {
            let what = What::Count {
                older: older.len(),
                newer: newer.len(),
            };
            self.report(place, what);
            return;
        }
        for (index, (older, newer)) in older.iter().zip(newer).enumerate() {
            self.types(&format!("{place} {index}"), older, newer);
        }
    }

    fn types(&mut self, place: &str, older: &Type, newer: &Type) {
        use TypeInner::{Opt, Record, Variant, Vec};
        let (older, newer) = (self.older.resolve(older), self.newer.resolve(newer));
        match (older.as_ref(), newer.as_ref()) {
            (Opt(older), Opt(newer)) => self.types(&format!("{place} opt"), older, newer),
            (Vec(older), Vec(newer)) => self.types(&format!("{place} vec"), older, newer),
            (Record(older), Record(newer)) => {
                self.common_fields(place, older, newer);
                self.added_fields(place, older, newer);
            }
            (Variant(older), Variant(newer)) => {
                self.common_fields(place, older, newer);
                for case in added(older, newer) {
                    self.report(&format!("{place} .{}", case.id), What::AddedCase);
                }
            }
            (older, newer) if older == newer => {}
            (older, newer) => {
                let what = What::Kind {
                    older: older.to_string(),
                    newer: newer.to_string(),
                };
                self.report(place, what);
            }
        }
    }

    fn common_fields(&mut self, place: &str, older: &[Field], newer: &[Field]) {
        for field in older {
            let place = format!("{place} .{}", field.id);
            match newer.iter().find(|other| other.id == field.id) {
                None => self.report(&place, What::Missing),
                Some(other) => self.types(&place, &field.ty, &other.ty),
            }
        }
    }

    fn added_fields(&mut self, place: &str, older: &[Field], newer: &[Field]) {
        for field in added(older, newer) {
            let optional = matches!(self.newer.resolve(&field.ty).as_ref(), TypeInner::Opt(_));
            if !optional {
                self.report(&format!("{place} .{}", field.id), What::AddedRequiredField);
            }
        }
    }
}

/// The fields of `newer` that `older` does not have.
fn added<'a>(older: &'a [Field], newer: &'a [Field]) -> impl Iterator<Item = &'a Field> {
    newer
        .iter()
        .filter(|field| older.iter().all(|other| other.id != field.id))
}
