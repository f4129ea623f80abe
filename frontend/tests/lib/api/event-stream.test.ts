import { expect, it } from "vitest";
import { readEvents, type ServerEvent } from "@/lib/api/event-stream";
import { ApiProblem } from "@/lib/api/errors";

function streamOf(...texts: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const text of texts) controller.enqueue(typeof text === "string" ? encoder.encode(text) : text);
      controller.close();
    },
  });
}

async function collect(data: unknown, response = new Response()): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(Promise.resolve({ data, error: data, response }))) events.push(event);
  return events;
}

it("assembles events from arbitrary chunks, and ignores comments", async () => {
  const euro = new TextEncoder().encode('event: b\ndata: "€"\n\n');
  const stream = streamOf("event: a\nda", 'ta: {"x": 1}\n', "\n: ping\n\n", euro.slice(0, 17), euro.slice(17));

  expect(await collect(stream)).toEqual([
    { name: "a", data: { x: 1 } },
    { name: "b", data: "€" },
  ]);
});

it("joins the data lines of an event", async () => {
  expect(await collect(streamOf('data: {"x":\ndata: 1}\n\n'))).toEqual([{ name: "message", data: { x: 1 } }]);
});

it("returns null for invalid JSON", async () => {
  expect(await collect(streamOf("data: {oops\n\n"))).toEqual([{ name: "message", data: null }]);
});

it("throws the problem even if it came as a stream", async () => {
  const document = JSON.stringify({ type: "urn:outlay:problem:too-many-requests", detail: "Slowly." });
  const refused = collect(streamOf(document), new Response(null, { status: 429, headers: { "Retry-After": "3" } }));

  await expect(refused).rejects.toThrow(ApiProblem);
  await expect(refused).rejects.toMatchObject({ status: 429, slug: "too-many-requests", retryAfterMs: 3000 });
});
