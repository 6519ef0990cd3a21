//! Certified data: 32 bytes the subnet signs, and the certificate that proves them in queries.

use super::invocation::{Arguments, Invocation};
use crate::execution::Trap;

type Outcome = Result<u64, Trap>;

/// Most bytes that can be certified.
const MAX_BYTES: u64 = 32;

pub(super) fn set(call: &mut Invocation, &[from, size, ..]: &Arguments) -> Outcome {
    if size > MAX_BYTES {
        return Err(call.violation(format!(
            "{size} bytes exceed the {MAX_BYTES} that can be certified"
        )));
    }
    let data = call.read(from, size)?.to_vec();
    call.message.effects.certified_data = Some(data);
    Ok(0)
}

pub(super) fn certificate_present(call: &mut Invocation, _: &Arguments) -> Outcome {
    Ok(u64::from(call.environment().data_certificate.is_some()))
}

pub(super) fn certificate_size(call: &mut Invocation, _: &Arguments) -> Outcome {
    make_certificate(call)?;
    let certificate = call.message.certificate.as_ref();
    Ok(certificate.map_or(0, |certificate| certificate.len() as u64))
}

pub(super) fn certificate_copy(
    call: &mut Invocation,
    &[to, from, size, ..]: &Arguments,
) -> Outcome {
    make_certificate(call)?;
    call.copy_to_heap([to, from, size], |message| {
        message.certificate.as_deref().unwrap_or_default()
    })
}

/// Signing costs a millisecond: it waits until somebody asks, and is done once per message.
fn make_certificate(call: &mut Invocation) -> Result<(), Trap> {
    if call.message.certificate.is_none() {
        let Some(sign) = call.environment().data_certificate.clone() else {
            return Err(call.violation("there is no data certificate in this call"));
        };
        call.message.certificate = Some(sign());
    }
    Ok(())
}
