/** Comparison of names: the same as `contracts/text.py`; tests/golden/names.json holds both to it. */

const EQUIVALENTS: readonly [RegExp, string][] = [
  [/[\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u055a\u05f3\u2018\u2019\u201b\u2032\ua78c]/g, "'"],
  [/[\u05f4\u201c\u201d\u201e\u201f\u2033]/g, '"'],
  [/[\u02d7\u058a\u05be\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63]/g, "-"],
  [/[\uff01-\uff9f\uffa1-\uffee]/g, ""],
  [/[\u0130\u0131]/g, "i"],
  [/\u2800/g, " "],
];
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\u034f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;
const ACCENTS = new RegExp(
  [
    "[\\u0300-\\u036f]|[\\u0591-\\u05bd]|\\u05bf|\\u05c1|\\u05c2|\\u05c4|\\u05c5|\\u05c7", // Latin and others, Hebrew
    "\\u0640|[\\u064b-\\u0652]|\\u0670|[\\u1ab0-\\u1aff]|[\\u1dc0-\\u1dff]|[\\u20d0-\\u20ff]", // Arabic, further marks
  ].join("|"),
  "g",
);
// oxfmt-ignore
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ħ: "h", ł: "l", ŧ: "t", þ: "th", ŋ: "n",
};

/** Returns the key by which names are compared; empty for a text without visible characters. */
export function fold(text: string): string {
  return applyUntilStable(text, foldOnce);
}

/** Returns the text as searches compare it: without accents and compatibility forms. */
export function foldForSearch(text: string): string {
  return applyUntilStable(fold(text), (folded) => fold(removeAccents(folded)));
}

/** Returns the item with that name: the one spelt exactly so, or else the first with the same key. */
export function findByName<T>(items: readonly T[], nameOf: (item: T) => string, text: string): T | undefined {
  const key = fold(text);
  return items.find((item) => nameOf(item) === text) ?? items.find((item) => key !== "" && fold(nameOf(item)) === key);
}

function applyUntilStable(text: string, step: (text: string) => string): string {
  const next = step(text);
  return next === text ? text : applyUntilStable(next, step);
}

function foldOnce(text: string): string {
  const equated = EQUIVALENTS.reduce(
    (result, [pattern, plain]) => result.replace(pattern, (character) => plain || character.normalize("NFKC")),
    text.normalize("NFC"),
  );
  // JavaScript has no case folding: through upper case ß becomes ss, as in Python.
  const small = equated.toUpperCase().toLowerCase().replaceAll("ς", "σ");
  return small
    .replace(INVISIBLE, "")
    .replace(/i\u0307/g, "i")
    .trim()
    .split(/\s+/)
    .join(" ")
    .normalize("NFC");
}

function removeAccents(text: string): string {
  const bare = text.normalize("NFKD").replace(ACCENTS, "");
  return bare.replace(/[æœøđðħłŧþŋ]/g, (character) => PLAIN_LETTERS[character] ?? character);
}
