/** An exact fraction: amounts never pass through floating point. */
export interface Fraction {
  over: bigint;
  under: bigint;
}

const TOKEN = /\s*([0-9]+(?:\.[0-9]+)?|[-+*/()])/y;
const LONGEST = 60;

/** The exact value of `16.99*1.1` and the like; null where it is no such expression. */
export function evaluate(expression: string): Fraction | null {
  const tokens = tokensOf(expression);
  if (!tokens) return null;
  const reader = new Reader(tokens);
  const value = reader.sum();
  return value && reader.atEnd ? value : null;
}

/** Rounds half away from zero, as people do on paper. */
export function round({ over, under }: Fraction, decimals: number): bigint {
  const scaled = over * 10n ** BigInt(decimals);
  const size = scaled < 0n ? -scaled : scaled;
  const units = (2n * size + under) / (2n * under);
  return scaled < 0n ? -units : units;
}

function tokensOf(expression: string): string[] | null {
  const text = expression.trim();
  if (!text || text.length > LONGEST) return null;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (!token) return null;
    tokens.push(token);
  }
  return tokens;
}

class Reader {
  #at = 0;
  readonly #tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): Fraction | null {
    return this.#chain(["+", "-"], () => this.#product());
  }

  #product(): Fraction | null {
    return this.#chain(["*", "/"], () => this.#part());
  }

  #chain(operators: readonly string[], operand: () => Fraction | null): Fraction | null {
    let left = operand();
    while (left && operators.includes(this.#tokens[this.#at] ?? "")) {
      const operator = this.#tokens[this.#at++] ?? "";
      const right = operand();
      left = right && apply(operator, left, right);
    }
    return left;
  }

  #part(): Fraction | null {
    const token = this.#tokens[this.#at++];
    if (token === undefined) return null;
    if (token === "-") return negated(this.#part());
    if (token === "(") {
      const inner = this.sum();
      return this.#tokens[this.#at++] === ")" ? inner : null;
    }
    return numberOf(token);
  }
}

function numberOf(token: string): Fraction | null {
  if (!/^[0-9]/.test(token)) return null;
  const [whole = "", fraction = ""] = token.split(".");
  return { over: BigInt(whole + fraction), under: 10n ** BigInt(fraction.length) };
}

function negated(value: Fraction | null): Fraction | null {
  return value && { over: -value.over, under: value.under };
}

function apply(operator: string, left: Fraction, right: Fraction): Fraction | null {
  if (operator === "*") return { over: left.over * right.over, under: left.under * right.under };
  if (operator === "/") return divided(left, right);
  const sign = operator === "-" ? -1n : 1n;
  return { over: left.over * right.under + sign * right.over * left.under, under: left.under * right.under };
}

function divided(left: Fraction, right: Fraction): Fraction | null {
  if (right.over === 0n) return null;
  const sign = right.over < 0n ? -1n : 1n;
  return { over: sign * left.over * right.under, under: sign * right.over * left.under };
}
