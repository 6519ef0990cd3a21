/** Reads types and methods out of a Candid service description, as far as the orbiter's contract uses it. */
import { IDL } from '@icp-sdk/core/candid';

const PRIMITIVES: Record<string, IDL.Type> = {
  bool: IDL.Bool,
  text: IDL.Text,
  principal: IDL.Principal,
  nat: IDL.Nat,
  nat8: IDL.Nat8,
  nat16: IDL.Nat16,
  nat32: IDL.Nat32,
  nat64: IDL.Nat64,
  int32: IDL.Int32,
  float64: IDL.Float64,
  blob: IDL.Vec(IDL.Nat8),
};

/** The agent's types want at least one argument and result; the agent itself does not. */
type SomeTypes = [IDL.Type, ...IDL.Type[]];

/** A method as `Func.display()` of the agent writes it, every type spelled out. */
export type Methods = Record<string, string>;

class Parser {
  private readonly tokens: string[];
  private readonly types = new Map<string, IDL.Type>();

  constructor(text: string) {
    const bare = text.replaceAll(/\/\/.*$/gm, '').replaceAll(/\/\*[^]*?\*\//g, '');
    this.tokens = bare.match(/->|[\w$]+|"[^"]*"|[{}();:=,]/g) ?? [];
  }

  private next(expected?: string): string {
    const token = this.tokens.shift();
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`expected ${expected ?? 'more'}, found ${token ?? 'the end'}`);
    }
    return token;
  }

  private skip(token: string): boolean {
    if (this.tokens[0] !== token) return false;
    this.tokens.shift();
    return true;
  }

  /** `{ name : type; … }`; a field without a name is numbered, one without a type (a variant's) is null. */
  private fields(): [string, IDL.Type][] {
    const fields: [string, IDL.Type][] = [];
    this.next('{');
    while (!this.skip('}')) {
      const isNamed = this.tokens[1] === ':' || this.tokens[1] === ';' || this.tokens[1] === '}';
      const isType = (this.tokens[0] ?? '') in PRIMITIVES || this.types.has(this.tokens[0] ?? '');
      if (this.tokens[1] === ':') {
        const name = this.next();
        this.next(':');
        fields.push([name, this.type()]);
      } else if (isNamed && !isType) {
        fields.push([this.next(), IDL.Null]);
      } else {
        fields.push([`_${fields.length}_`, this.type()]);
      }
      this.skip(';');
    }
    return fields;
  }

  private type(): IDL.Type {
    const token = this.next();
    switch (token) {
      case 'opt':
        return IDL.Opt(this.type());
      case 'vec':
        return IDL.Vec(this.type());
      case 'record': {
        const fields = this.fields();
        const isTuple = fields.length > 0 && fields.every(([name], index) => name === `_${index}_`);
        return isTuple
          ? IDL.Tuple(...fields.map(([, type]) => type))
          : IDL.Record(Object.fromEntries(fields));
      }
      case 'variant':
        return IDL.Variant(Object.fromEntries(this.fields()));
      default: {
        const type = PRIMITIVES[token] ?? this.types.get(token);
        if (!type) throw new Error(`unknown type ${token}`);
        return type;
      }
    }
  }

  private arguments(): IDL.Type[] {
    const list: IDL.Type[] = [];
    this.next('(');
    while (!this.skip(')')) {
      if (this.tokens[1] === ':') this.tokens.splice(0, 2);
      list.push(this.type());
      this.skip(',');
    }
    return list;
  }

  methods(): Methods {
    while (this.skip('type')) {
      const name = this.next();
      this.next('=');
      this.types.set(name, this.type());
      this.skip(';');
    }
    this.next('service');
    this.next(':');
    if (this.tokens[0] === '(') {
      this.arguments();
      this.next('->');
    }
    this.next('{');
    const methods: Methods = {};
    while (!this.skip('}')) {
      const name = this.next();
      this.next(':');
      const from = this.arguments();
      this.next('->');
      const to = this.arguments();
      const isQuery = this.skip('query');
      methods[name] = IDL.Func(from as SomeTypes, to as SomeTypes, isQuery ? ['query'] : []).display();
      this.skip(';');
    }
    return methods;
  }
}

/** The methods of the service that `text` describes. Types must be defined before they are used. */
export const parseService = (text: string): Methods => new Parser(text).methods();
