import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { expect, it } from "vitest";
import { AskBox } from "@/features/insights/components/ask-box";
import { encodeEvent, eventStreamResponse, streamedResponse } from "../../../support/events";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { type Responder, json, problem, mockServer } from "../../../support/server";

const LIST = { from: "2026-05-01", to: "2026-11-22", currency: "EUR" };
const SPENT = {
  pieces: [{ text: "You spent " }, { text: "€8.00", value: "8.00", evidence: LIST }, { text: " on Coffee." }],
};
const DONE = { revision: 7, examples: [] };

function anchor(evidence: Record<string, string>, children: ReactNode) {
  return <a href={`/expenses?${new URLSearchParams(evidence)}`}>{children}</a>;
}

function setUp(...answers: Responder[]) {
  const server = mockServer({
    "POST /api/v1/ask": answers,
    "GET /api/v1/insights/sent/c1": () =>
      json({
        id: "c1",
        at: "2026-11-22T12:00:00Z",
        place: "api.example.com",
        model: "small",
        messages: [{ role: "user", content: "The question: espresso?" }],
        answer: '{"queries": []}',
        tokens_sent: 100,
        tokens_received: 20,
      }),
  });
  const { container } = renderSignedIn(<AskBox linkTo={anchor} />);
  return {
    server,
    container,
    box: screen.getByRole("textbox", { name: "Ask about your spending" }),
    user: userEvent.setup(),
  };
}

it("streams the answer, and links every number to its payments", async () => {
  const stream = streamedResponse();
  const { server, box, user, container } = setUp(stream.respond);
  await user.type(box, "How much on coffee since May?{Enter}");

  expect(await screen.findByText("Looking…")).toBeVisible();
  stream.send(encodeEvent("reading", { place: "api.example.com" }));
  expect(await screen.findByText("Asking api.example.com how to read that…")).toBeVisible();
  stream.send(encodeEvent("understood", { by: "model", queries: 1, sent: "c1" }) + encodeEvent("sentence", SPENT));
  const link = await screen.findByRole("link", { name: "€8.00" });
  expect(link).toHaveAttribute("href", "/expenses?from=2026-05-01&to=2026-11-22&currency=EUR");
  stream.send(encodeEvent("done", DONE));
  stream.end();

  await waitFor(() => expect(screen.queryByText("Looking…")).toBeNull());
  const [request] = server.requestsTo("POST", "/api/v1/ask");
  expect(await request?.json()).toEqual({ question: "How much on coffee since May?", week_start: "monday" });
  expect(request?.headers.get("Outlay-Client")).toBe("web");
  expect(await accessibilityViolations(container)).toEqual([]);
});

it("loads the sent messages only on request", async () => {
  const { server, box, user } = setUp(() =>
    eventStreamResponse(["understood", { by: "model", queries: 1, sent: "c1" }], ["sentence", SPENT], ["done", DONE]),
  );
  await user.type(box, "espresso?{Enter}");
  const trigger = await screen.findByRole("button", { name: "What was sent" });
  expect(server.requestsTo("GET", "/api/v1/insights/sent/c1")).toHaveLength(0);

  await user.click(trigger);

  expect(await screen.findByText("The question: espresso?")).toBeVisible();
  expect(screen.getByText(/To api\.example\.com, for the model small/)).toBeVisible();
});

it("offers examples if it has no answer, and asks one on click", async () => {
  const cannot = { pieces: [{ text: "That cannot be answered." }] };
  const { server, box, user } = setUp(
    () =>
      eventStreamResponse(
        ["understood", { by: "nobody", queries: 0 }],
        ["sentence", cannot],
        ["done", { revision: 7, examples: ["Top merchants last month"] }],
      ),
    () => eventStreamResponse(["understood", { by: "grammar", queries: 1 }], ["sentence", SPENT], ["done", DONE]),
  );
  await user.type(box, "Sing!{Enter}");
  await user.click(await screen.findByRole("button", { name: "Top merchants last month" }));

  expect(await screen.findByRole("link", { name: "€8.00" })).toBeVisible();
  expect(screen.queryByText("That cannot be answered.")).toBeNull();
  expect(await server.requestsTo("POST", "/api/v1/ask")[1]?.json()).toEqual({
    question: "Top merchants last month",
    week_start: "monday",
  });
});

it.each([
  ["it is refused", () => problem(429, "too-many-requests"), "Outlay is busy"],
  ["it breaks off", () => eventStreamResponse(["understood", { by: "grammar", queries: 1 }]), "Something went wrong"],
  ["it is not what the API says", () => eventStreamResponse(["sentence", { pieces: 12 }]), "Something went wrong"],
])("shows an error when %s, and offers a retry", async (_, refused, message) => {
  const { box, user } = setUp(refused, () => eventStreamResponse(["sentence", SPENT], ["done", DONE]));
  await user.type(box, "how much{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent(message);

  await user.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("link", { name: "€8.00" })).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});

it("does not send an empty question", async () => {
  const { server, box, user } = setUp(() => eventStreamResponse(["done", DONE]));
  await user.type(box, "   {Enter}");
  expect(server.requests).toHaveLength(0);
});
