import { readFileSync } from "node:fs";
import type { UserConfig } from "@hey-api/openapi-ts";

interface ObjectSchema {
  properties?: Record<string, unknown>;
  required?: string[];
  additionalProperties?: unknown;
}

interface Description {
  openapi: string;
  info: object;
  components: { schemas: Record<string, ObjectSchema> };
}

/** Limits of values are not checked: a newer server may relax them while an older page is open. */
const OMITTED = new Set(["format", "pattern", "minimum", "maxItems", "uniqueItems", "default", "title"]);

/** The fields that the app reads, where it does not read all: what changes in the others does not concern it. */
const READ: Record<string, readonly string[]> = {
  Audited: ["agreed_at"],
  Category: ["id", "name"],
  Done: ["examples"],
  Finding: ["look", "good", "says"],
  Insight: ["id", "text", "direction", "evidence", "numbers", "formula", "sent"],
  JournalEntry: ["id", "revision", "action_id", "action", "actor", "via", "occurred_at", "pairs"],
  ModelCall: ["id", "at", "place", "model", "messages", "answer", "tokens_sent", "tokens_received"],
  Number: ["text", "at", "evidence", "proof"],
  Sentence: ["pieces"],
  SentencePart: ["text", "evidence"],
  // A script must never keep the token in the same response.
  SignedIn: ["user"],
  Summary: ["currency", "total", "count", "categories", "other"],
  Trends: ["from", "currency", "buckets", "series", "totals"],
  Understood: ["sent"],
  Verdict: ["good", "says"],
};

const { openapi, info, components } = JSON.parse(readFileSync("../docs/openapi.json", "utf8")) as Description;
/** Bodies of requests are closed, and are not read here. Those of responses may gain fields. */
const responses = Object.entries(components.schemas).filter(([, schema]) => schema.additionalProperties !== false);
const schemas = Object.fromEntries(responses.map(([name, schema]) => [name, relax(pick(schema, READ[name]))]));

function pick(schema: ObjectSchema, fields?: readonly string[]): ObjectSchema {
  if (!fields) return schema;
  const properties = Object.entries(schema.properties ?? {}).filter(([field]) => fields.includes(field));
  const required = schema.required?.filter((field) => fields.includes(field));
  return { ...schema, properties: Object.fromEntries(properties), required };
}

/** Returns a JSON schema without the omitted keywords, in which integers are numbers. */
function relax(node: unknown, key?: string): unknown {
  if (Array.isArray(node)) return node.map((item) => relax(item));
  if (typeof node !== "object" || node === null) return key === "type" && node === "integer" ? "number" : node;
  const areFields = key === "properties";
  const entries = Object.entries(node).filter(([name]) => areFields || !OMITTED.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, relax(value, areFields ? undefined : name)]));
}

/** Returns the file of a schema, such as `journal-entry` for `#/components/schemas/JournalEntry`. */
function fileOf(reference: string): string {
  const name = reference.slice(reference.lastIndexOf("/") + 1);
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

/**
 * Generates valibot schemas of the API's responses. Each has a file of its own, since bundlers do not split modules:
 * from a single one, the first page would load the schemas of all pages.
 */
export default {
  input: { openapi, info, paths: {}, components: { schemas } },
  parser: { hooks: { symbols: { getFilePath: ({ meta }) => meta?.resourceId && fileOf(meta.resourceId) } } },
  plugins: [{ name: "valibot", definitions: { name: "{{name}}Schema", case: "PascalCase" } }],
} satisfies Partial<UserConfig>;
