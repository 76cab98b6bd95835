/** A JSON value: enough of JSON for what RIPE sends. What is absent or of another kind gives the fallback, never an error. */
export class Json {
  private constructor(
    private readonly kind: Kind,
    private readonly amount: f64,
    private readonly words: string,
    private readonly members: Map<string, Json> | null,
  ) {}

  static readonly NONE: Json = new Json(Kind.Null, 0, '', null);

  static ofNumber(amount: f64): Json {
    return new Json(Kind.Number, amount, '', null);
  }

  static ofBool(value: bool): Json {
    return new Json(Kind.Bool, value ? 1 : 0, '', null);
  }

  static ofText(words: string): Json {
    return new Json(Kind.Text, 0, words, null);
  }

  /** An object, or a list by the names '0', '1', … */
  static ofMembers(members: Map<string, Json>): Json {
    return new Json(Kind.Members, 0, '', members);
  }

  get isNull(): bool {
    return this.kind == Kind.Null;
  }

  member(name: string): Json {
    const members = this.members;
    return members !== null && members.has(name) ? members.get(name) : Json.NONE;
  }

  number(fallback: f64): f64 {
    return this.kind == Kind.Number ? this.amount : fallback;
  }

  /** A time in ms, or another whole number. */
  whole(fallback: i64): i64 {
    return this.kind == Kind.Number ? <i64>this.amount : fallback;
  }

  bool(fallback: bool): bool {
    return this.kind == Kind.Bool ? this.amount != 0 : fallback;
  }

  text(): string {
    return this.words;
  }
}

enum Kind {
  Null,
  Bool,
  Number,
  Text,
  Members,
}

const DEEPEST = 64;

/** Reads JSON; aborts where it is none. */
export function parseJson(source: string): Json {
  return new Parser(source).whole();
}

class Parser {
  private at: i32 = 0;
  private depth: i32 = 0;

  constructor(private readonly source: string) {}

  whole(): Json {
    const value = this.value();
    assert(this.peek() == 0, 'more than one JSON value');
    return value;
  }

  private value(): Json {
    const sign = this.peek();
    if (sign == 0x7b) return this.members(0x7d, true);
    if (sign == 0x5b) return this.members(0x5d, false);
    if (sign == 0x22) return Json.ofText(this.string());
    if (sign == 0x74) return this.word('true', Json.ofBool(true));
    if (sign == 0x66) return this.word('false', Json.ofBool(false));
    if (sign == 0x6e) return this.word('null', Json.NONE);
    return this.number();
  }

  private members(end: i32, isNamed: bool): Json {
    assert(++this.depth <= DEEPEST, 'JSON is too deep');
    const members = new Map<string, Json>();
    this.at++;
    while (this.peek() != end) {
      const name = isNamed ? this.name() : members.size.toString();
      members.set(name, this.value());
      if (this.peek() == 0x2c) this.at++;
      else assert(this.peek() == end, 'JSON lacks a comma');
    }
    this.at++;
    this.depth--;
    return Json.ofMembers(members);
  }

  private name(): string {
    assert(this.peek() == 0x22, 'JSON lacks a name');
    const name = this.string();
    assert(this.peek() == 0x3a, 'JSON lacks a colon');
    this.at++;
    return name;
  }

  private string(): string {
    let text = '';
    let from = ++this.at;
    for (;;) {
      assert(this.at < this.source.length, 'a JSON text has no end');
      const sign = this.source.charCodeAt(this.at);
      if (sign == 0x22) break;
      if (sign != 0x5c) {
        this.at++;
        continue;
      }
      text += this.source.substring(from, this.at) + this.escape();
      from = this.at;
    }
    text += this.source.substring(from, this.at++);
    return text;
  }

  private escape(): string {
    const sign = this.source.charAt(this.at + 1);
    this.at += 2;
    if (sign == 'n') return '\n';
    if (sign == 't') return '\t';
    if (sign == 'r') return '\r';
    if (sign == 'b') return '\b';
    if (sign == 'f') return '\f';
    if (sign != 'u') return sign;
    this.at += 4;
    return String.fromCharCode(<i32>parseInt(this.source.substring(this.at - 4, this.at), 16));
  }

  private number(): Json {
    const from = this.at;
    while (this.at < this.source.length && '+-.eE0123456789'.includes(this.source.charAt(this.at))) this.at++;
    const amount = parseFloat(this.source.substring(from, this.at));
    assert(this.at > from && isFinite(amount), 'no JSON value');
    return Json.ofNumber(amount);
  }

  private word(word: string, value: Json): Json {
    assert(this.source.startsWith(word, this.at), 'no JSON value');
    this.at += word.length;
    return value;
  }

  /** The next sign that is no space; 0 at the end. */
  private peek(): i32 {
    while (this.at < this.source.length && this.source.charCodeAt(this.at) <= 0x20) this.at++;
    return this.at < this.source.length ? this.source.charCodeAt(this.at) : 0;
  }
}

/** A text as JSON, with its quotes. */
export function quote(text: string): string {
  let quoted = '"';
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign == 0x22 || sign == 0x5c) quoted += '\\' + text.charAt(at);
    else if (sign < 0x20) quoted += '\\u' + sign.toString(16).padStart(4, '0');
    else quoted += text.charAt(at);
  }
  return quoted + '"';
}
