import * as v from "valibot";
import { Misread, Problem, retryAfterOf } from "./problems";
import type { Outcome } from "./client";

/** One server-sent event of an answer. */
export interface ServerEvent {
  name: string;
  data: unknown;
}

/** The events of an answer, as they come; for a call with `parseAs: "stream"`. Throws the Problem, if there is one. */
export async function* eventsOf(call: Promise<Outcome>): AsyncGenerator<ServerEvent> {
  const { data, error, response } = await call;
  if (!response.ok) throw new Problem(response.status, await documentOf(error), retryAfterOf(response));
  if (!(data instanceof ReadableStream)) throw new Misread(response.url);
  let rest = "";
  for await (const chunk of chunksOf(data)) {
    const blocks = (rest + chunk).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = eventOf(block);
      if (event) yield event;
    }
  }
}

/** The data of an event in the shape that is expected of it. */
export function shapedData<Data>(shape: v.GenericSchema<unknown, Data>, event: ServerEvent): Data {
  const found = v.safeParse(shape, event.data);
  if (!found.success) throw new Misread(event.name);
  return found.output;
}

async function* chunksOf(stream: ReadableStream): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** A block without data is a comment, such as those that keep a line open. */
function eventOf(block: string): ServerEvent | null {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
  const data = fields.get("data");
  if (data === undefined) return null;
  return { name: fields.get("event")?.trim() ?? "message", data: parsed(data) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function documentOf(error: unknown): Promise<unknown> {
  return error instanceof ReadableStream ? parsed(await new Response(error).text()) : error;
}
