import { UNUSUAL_DECIMALS } from "./currency-table";

const DEFAULT_DECIMALS = 2;
const DECIMALS: ReadonlyMap<string, number> = new Map(
  Object.entries(UNUSUAL_DECIMALS).flatMap(([decimals, codes]) =>
    codes.split(" ").map((code) => [code, Number(decimals)]),
  ),
);

/** Returns a currency's number of decimals from the server's table, which differs from the browser's for some. */
export function decimalsOf(currency: string): number {
  return DECIMALS.get(currency) ?? DEFAULT_DECIMALS;
}

/** Converts a decimal string to minor units. The scale must be large enough for all its decimals. */
export function toMinorUnits(amount: string, scale: number): bigint {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.padEnd(scale, "0").slice(0, scale));
  return amount.startsWith("-") ? -units : units;
}

/** Converts minor units to a decimal string. */
export function fromMinorUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}

/** Adds amounts of one currency exactly. */
export function sumAmounts(amounts: readonly string[], currency: string): string {
  const scale = Math.max(decimalsOf(currency), ...amounts.map((each) => each.split(".")[1]?.length ?? 0));
  return fromMinorUnits(
    amounts.reduce((total, each) => total + toMinorUnits(each, scale), 0n),
    scale,
  );
}
