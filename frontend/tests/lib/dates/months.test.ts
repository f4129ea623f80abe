import { expect, it } from "vitest";
import { formatDay, formatMonth } from "@/lib/dates/format";
import { addMonths, monthRange, todayIn } from "@/lib/dates/months";

it("returns the first and last day of a month", () => {
  expect(monthRange("2026-11")).toEqual({ from: "2026-11-01", to: "2026-11-30" });
  expect(monthRange("2028-02")).toEqual({ from: "2028-02-01", to: "2028-02-29" });
});

it("adds months across years", () => {
  expect(addMonths("2026-01", -1)).toBe("2025-12");
  expect(addMonths("2026-12", 1)).toBe("2027-01");
});

it("returns today in the ledger's time zone, and tolerates an unknown time zone", () => {
  const [west, east] = [todayIn("Pacific/Pago_Pago"), todayIn("Pacific/Kiritimati")];
  expect(west.compare(east)).toBeLessThan(0);
  expect(todayIn("Atlantis/Sunken").toString()).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

it("names days and months in the ledger's language, regardless of the browser's time zone", () => {
  expect(formatMonth("2026-11", "de-DE")).toBe("November 2026");
  expect(formatDay("2026-11-01", "2026-11-22", "en-IE")).toMatch(/Sunday.*1 November/);
  expect(formatDay("2025-11-01", "2026-11-22", "en-IE")).toContain("2025");
});
