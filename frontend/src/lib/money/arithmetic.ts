/** An exact fraction: amounts never pass through floating point. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

const TOKEN = /\s*([0-9]+(?:\.[0-9]+)?|[-+*/()])/y;
const MAX_LENGTH = 60;

/** Returns the exact value of an expression such as `16.99*1.1`, or null if it is not one. */
export function evaluate(expression: string): Fraction | null {
  const tokens = tokenize(expression);
  if (!tokens) return null;
  const parser = new ExpressionParser(tokens);
  const value = parser.parseSum();
  return value && parser.atEnd ? value : null;
}

/** Rounds half away from zero, as people do on paper. */
export function round({ numerator, denominator }: Fraction, decimals: number): bigint {
  const scaled = numerator * 10n ** BigInt(decimals);
  const size = scaled < 0n ? -scaled : scaled;
  const units = (2n * size + denominator) / (2n * denominator);
  return scaled < 0n ? -units : units;
}

function tokenize(expression: string): string[] | null {
  const text = expression.trim();
  if (!text || text.length > MAX_LENGTH) return null;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[1];
    if (!token) return null;
    tokens.push(token);
  }
  return tokens;
}

class ExpressionParser {
  #position = 0;
  readonly #tokens: readonly string[];

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#position === this.#tokens.length;
  }

  parseSum(): Fraction | null {
    return this.#parseChain(["+", "-"], () => this.#parseProduct());
  }

  #parseProduct(): Fraction | null {
    return this.#parseChain(["*", "/"], () => this.#parseFactor());
  }

  #parseChain(operators: readonly string[], operand: () => Fraction | null): Fraction | null {
    let left = operand();
    while (left && operators.includes(this.#tokens[this.#position] ?? "")) {
      const operator = this.#tokens[this.#position++] ?? "";
      const right = operand();
      left = right && apply(operator, left, right);
    }
    return left;
  }

  #parseFactor(): Fraction | null {
    const token = this.#tokens[this.#position++];
    if (token === undefined) return null;
    if (token === "-") return negate(this.#parseFactor());
    if (token === "(") {
      const inner = this.parseSum();
      return this.#tokens[this.#position++] === ")" ? inner : null;
    }
    return parseNumber(token);
  }
}

function parseNumber(token: string): Fraction | null {
  if (!/^[0-9]/.test(token)) return null;
  const [whole = "", fraction = ""] = token.split(".");
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}

function negate(value: Fraction | null): Fraction | null {
  return value && { numerator: -value.numerator, denominator: value.denominator };
}

function apply(operator: string, left: Fraction, right: Fraction): Fraction | null {
  if (operator === "*")
    return { numerator: left.numerator * right.numerator, denominator: left.denominator * right.denominator };
  if (operator === "/") return divide(left, right);
  const sign = operator === "-" ? -1n : 1n;
  return {
    numerator: left.numerator * right.denominator + sign * right.numerator * left.denominator,
    denominator: left.denominator * right.denominator,
  };
}

function divide(left: Fraction, right: Fraction): Fraction | null {
  if (right.numerator === 0n) return null;
  const sign = right.numerator < 0n ? -1n : 1n;
  return {
    numerator: sign * left.numerator * right.denominator,
    denominator: sign * right.numerator * left.denominator,
  };
}
