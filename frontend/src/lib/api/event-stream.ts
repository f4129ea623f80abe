import { createParser, type EventSourceMessage } from "eventsource-parser";
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
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  for await (const chunk of readChunks(data)) {
    parser.feed(chunk);
    for (const message of messages.splice(0)) yield { name: message.event ?? "message", data: parseJson(message.data) };
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
