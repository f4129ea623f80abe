import { expect, it } from "vitest";
import {
  layerHeight,
  layersOf,
  MAX_LAYERS,
  verticalDomain,
  OTHER_LAYER,
  cumulativePoints,
  stackLayers,
} from "@/features/summary/cumulative";

const trends = {
  from: "2026-11-01",
  to: "2026-11-04",
  by: "day" as const,
  currency: "EUR",
  buckets: ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"],
  series: [
    { category: "Food", category_id: "food", totals: ["1.00", "0.00", "2.00", "0.00"] },
    { category: "Rent", category_id: "rent", totals: ["900.00", "0.00", "0.00", "0.00"] },
  ],
  totals: ["901.00", "0.00", "2.00", "0.00"],
  revision: 1,
};

it("accumulates the month day by day from zero up to today", () => {
  expect(cumulativePoints(trends, "2026-11-03").map((point) => point.total)).toEqual([0, 901, 901, 903]);
  expect(cumulativePoints(trends, "2026-11-03").at(-1)?.byCategory).toEqual({ food: 3, rent: 900 });
});

it("continues to the last expense after today", () => {
  expect(cumulativePoints(trends, "2026-10-31").map((point) => point.day)).toEqual([0, 1, 2, 3]);
});

it("puts the largest category at the bottom, and fits the domain to the highest line", () => {
  expect(layersOf(trends)).toEqual(["rent", "food"]);
  const points = cumulativePoints(trends, "2026-11-30");
  expect(verticalDomain(stackLayers(points, layersOf(trends)), [])).toEqual([0, 903]);
  expect(verticalDomain([], points)).toEqual([0, 903]);
  expect(verticalDomain([], [])).toEqual([0, 1]);
});

it("treats rounding errors of floats as zero", () => {
  const points = [{ day: 1, byCategory: { rent: 900, gone: -5.6e-17, food: 3 }, total: 903 }];
  const [, , food] = stackLayers(points, ["rent", "gone", "food"]);
  const [, gone] = stackLayers(points, ["rent", "gone"]);
  expect(gone?.bands[0]?.from).toBe(900);
  expect(food?.bands[0]).toEqual({ day: 1, from: 900, to: 903 });
});

it("stacks net refunds below zero, and the other layers as if they were absent", () => {
  const shoes = { category: "Shoes", category_id: "shoes", totals: ["0.00", "-50.00", "0.00", "0.00"] };
  const back = { ...trends, series: [shoes, ...trends.series], totals: ["901.00", "-50.00", "2.00", "0.00"] };
  const stacks = stackLayers(cumulativePoints(back, "2026-11-30"), ["rent", "shoes", "food"]);
  const last = stacks.map(({ layer, bands }) => [layer, bands.at(-1)?.from, bands.at(-1)?.to]);
  expect(last).toEqual([
    ["rent", 0, 900],
    ["shoes", 0, -50],
    ["food", 900, 903],
  ]);
  expect(verticalDomain(stacks, [])).toEqual([-50, 903]);
});

it("combines the smallest categories in one layer without losing any amount", () => {
  const series = Array.from({ length: MAX_LAYERS + 3 }, (_, index) => ({
    category: `C${index}`,
    category_id: `c${index}`,
    totals: ["0.00", "0.00", "0.00", `${100 - index}.00`],
  }));
  const total = series.reduce((sum, each) => sum + Number(each.totals[3]), 0);
  const many = { ...trends, series, totals: ["0.00", "0.00", "0.00", String(total)] };
  const layers = layersOf(many);
  expect(layers).toHaveLength(MAX_LAYERS + 1);
  expect(layers.at(-1)).toBe(OTHER_LAYER);
  const last = cumulativePoints(many, "2026-11-30").at(-1);
  expect(last).toBeDefined();
  if (last) expect(layers.reduce((sum, layer) => sum + layerHeight(layer, last, layers), 0)).toBe(total);
});
