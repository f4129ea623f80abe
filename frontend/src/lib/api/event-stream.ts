import * as v from "valibot";
import { UnexpectedResponseError, ApiProblem, parseRetryAfter } from "./errors";
import type { ApiResult } from "./client";

/** One server-sent event of a response. */
export interface ServerEvent {
  name: string;
  data: unknown;
}

/**
 * Yields the events of a response as they arrive; for calls with `parseAs: "stream"`. Throws an ApiProblem for an error
 * response.
 */
export async function* readEvents(call: Promise<ApiResult>): AsyncGenerator<ServerEvent> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ApiProblem(response.status, await readErrorBody(error), parseRetryAfter(response));
  if (!(data instanceof ReadableStream)) throw new UnexpectedResponseError(response.url);
  let incomplete = "";
  for await (const chunk of readChunks(data)) {
    const blocks = (incomplete + chunk).replaceAll("\r\n", "\n").split("\n\n");
    incomplete = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

/** Returns an event's validated data. */
export function parseEventData<Data>(schema: v.GenericSchema<unknown, Data>, event: ServerEvent): Data {
  const result = v.safeParse(schema, event.data);
  if (!result.success) throw new UnexpectedResponseError(event.name);
  return result.output;
}

async function* readChunks(stream: ReadableStream): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      // oxlint-disable-next-line no-await-in-loop -- chunks must be read sequentially
      const { done, value } = await reader.read();
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

/** A block without data is a comment, such as those that keep the connection open. */
function parseEvent(block: string): ServerEvent | null {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));
  const data = fields.get("data");
  if (data === undefined) return null;
  return { name: fields.get("event")?.trim() ?? "message", data: parseJson(data) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function readErrorBody(error: unknown): Promise<unknown> {
  return error instanceof ReadableStream ? parseJson(await new Response(error).text()) : error;
}
