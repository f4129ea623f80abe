/** A response whose server-sent events the test sends one by one. */
export function streamedResponse(): { respond(): Response; send(text: string): void; end(): void } {
  let streamController: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      streamController = controller;
    },
  });
  return {
    respond: () => new Response(body, { headers: { "Content-Type": "text/event-stream" } }),
    send: (text) => streamController?.enqueue(new TextEncoder().encode(text)),
    end: () => streamController?.close(),
  };
}

/** Encodes one server-sent event. */
export function encodeEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A response with all these events at once. */
export function eventStreamResponse(...all: [string, unknown][]): Response {
  const text = all.map(([name, data]) => encodeEvent(name, data)).join("");
  return new Response(text, { headers: { "Content-Type": "text/event-stream" } });
}
