import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fold, foldForSearch } from "@/lib/text/fold";

interface SpellingGroup {
  key: string;
  spellings: string[];
}

/** Shared with Python: tests/contracts/test_text.py reads it too. */
const golden = JSON.parse(readFileSync("../tests/golden/names.json", "utf8")) as {
  names: SpellingGroup[];
  searches: SpellingGroup[];
};

describe("names", () => {
  it.each(golden.names)("have one key for all spellings of $key", ({ key, spellings }) => {
    expect(new Set(spellings.map(fold))).toEqual(new Set([key]));
  });

  it.each(golden.searches)("are found by a search for $key", ({ key, spellings }) => {
    expect(new Set(spellings.map(foldForSearch))).toEqual(new Set([key]));
  });

  it("have a key that folds to itself, for every character", () => {
    for (let code = 1; code < 0x3400; code++) {
      const key = fold(String.fromCodePoint(code));
      if (fold(key) !== key) expect.fail(code.toString(16));
    }
  });
});
