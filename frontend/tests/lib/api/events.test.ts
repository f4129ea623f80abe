import { expect, it } from "vitest";
import { eventsOf, type ServerEvent } from "@/lib/api/events";
import { Problem } from "@/lib/api/problems";

function pieces(...texts: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(line) {
      for (const text of texts) line.enqueue(typeof text === "string" ? encoder.encode(text) : text);
      line.close();
    },
  });
}

async function all(data: unknown, response = new Response()): Promise<ServerEvent[]> {
  const found: ServerEvent[] = [];
  for await (const event of eventsOf(Promise.resolve({ data, error: data, response }))) found.push(event);
  return found;
}

it("puts events together wherever the wire cuts them, and leaves comments out", async () => {
  const euro = new TextEncoder().encode('event: b\ndata: "€"\n\n');
  const stream = pieces("event: a\nda", 'ta: {"x": 1}\n', "\n: ping\n\n", euro.slice(0, 17), euro.slice(17));

  expect(await all(stream)).toEqual([
    { name: "a", data: { x: 1 } },
    { name: "b", data: "€" },
  ]);
});

it("gives what is no JSON as nothing", async () => {
  expect(await all(pieces("data: {oops\n\n"))).toEqual([{ name: "message", data: null }]);
});

it("throws the problem, though it came as a stream", async () => {
  const document = JSON.stringify({ type: "urn:outlay:problem:too-many-requests", detail: "Slowly." });
  const refused = all(pieces(document), new Response(null, { status: 429, headers: { "Retry-After": "3" } }));

  await expect(refused).rejects.toThrow(Problem);
  await expect(refused).rejects.toMatchObject({ status: 429, slug: "too-many-requests", retryAfterMs: 3000 });
});
