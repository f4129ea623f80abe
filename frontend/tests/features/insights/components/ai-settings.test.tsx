import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { AiSettings } from "@/features/insights/components/ai-settings";
import { encodeEvent, streamedResponse } from "../../../support/events";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { type Responder, json, problem, mockServer } from "../../../support/server";

const PATH = "/api/v1/insights/settings";
const SETTINGS = {
  model: { name: "small", place: "api.example.com" },
  allowed: false,
  answered_at: null,
  budget: { tokens: 1200, most_tokens: 200_000, cost: "0.0000", most_cost: null },
  presets: [{ name: "Ollama", base_url: "http://localhost:11434/v1", needs_key: false, example: "qwen3:8b" }],
};

function setUp(answers: Record<string, Responder | Responder[]>) {
  const server = mockServer({
    [`GET ${PATH}`]: () => json(SETTINGS),
    "GET /api/v1/insights/sent": () => json({ items: [] }),
    ...answers,
  });
  const { container } = renderSignedIn(<AiSettings />);
  return { server, container, user: userEvent.setup() };
}

it("gives consent to the shown host, and withdraws it", async () => {
  const { server, user, container } = setUp({
    [`PUT ${PATH}`]: [() => json({ ...SETTINGS, allowed: true }), () => json(SETTINGS)],
  });
  const consentSwitch = await screen.findByRole("switch", {
    name: "Let the model small at api.example.com help with this ledger",
  });
  expect(consentSwitch).not.toBeChecked();
  expect(screen.getByText("You have used 1,200 of 200,000 tokens today, in all your ledgers together.")).toBeVisible();

  await user.click(consentSwitch);
  await waitFor(() => expect(consentSwitch).toBeChecked());
  await user.click(consentSwitch);
  await waitFor(() => expect(consentSwitch).not.toBeChecked());

  const bodies = await Promise.all(server.requestsTo("PUT", PATH).map((request) => request.json()));
  expect(bodies).toEqual([
    { allowed: true, place: "api.example.com" },
    { allowed: false, place: "api.example.com" },
  ]);
  expect(await accessibilityViolations(container)).toEqual([]);
});

it("stays off, and refetches the settings, if the model's host has changed", async () => {
  const { server, user } = setUp({ [`PUT ${PATH}`]: () => problem(409, "conflict", { detail: "Please look again." }) });
  const consentSwitch = await screen.findByRole("switch");

  await user.click(consentSwitch);

  expect(await screen.findByRole("alert")).toHaveTextContent("Please look again.");
  expect(consentSwitch).not.toBeChecked();
  await waitFor(() => expect(server.requestsTo("GET", PATH)).toHaveLength(2));
});

it("shows the findings of the diagnostics as they arrive", async () => {
  const stream = streamedResponse();
  const { user, container } = setUp({ "POST /api/v1/insights/doctor": stream.respond });
  await user.click(await screen.findByRole("button", { name: "Look at the server" }));

  stream.send(encodeEvent("finding", { look: "reach", good: true, says: "It answers." }));
  expect(await screen.findByText("It answers.", { exact: false })).toBeVisible();
  stream.send(encodeEvent("finding", { look: "schema", good: false, says: "It does not know this way of asking." }));
  stream.send(encodeEvent("verdict", { good: false, mode: null, says: "The model cannot be used." }));
  stream.end();

  expect(await screen.findByRole("alert")).toHaveTextContent("The model cannot be used.");
  expect(screen.getByText("Asked with a schema.")).toBeVisible();
  expect(await accessibilityViolations(container)).toEqual([]);
});

it("explains how to set up a model if there is none", async () => {
  const { container } = setUp({ [`GET ${PATH}`]: () => json({ ...SETTINGS, model: null, budget: null }) });

  expect(await screen.findByText(/A language model is not needed/)).toBeVisible();
  expect(screen.getByText(/OPENAI_BASE_URL=http:\/\/localhost:11434\/v1/)).toBeVisible();
  expect(screen.queryByRole("switch")).toBeNull();
  expect(container.textContent).not.toMatch(/unavailable/i);
});

it("shows the exact messages of recent model calls", async () => {
  const call = {
    id: "c1",
    at: "2026-11-22T12:00:00Z",
    place: "api.example.com",
    model: "small",
    messages: [{ role: "system", content: "You word facts." }],
    answer: "",
    tokens_sent: 100,
    tokens_received: 20,
  };
  const { user } = setUp({
    "GET /api/v1/insights/sent": () => json({ items: [call] }),
    "GET /api/v1/insights/sent/c1": () => json(call),
  });

  await user.click(await screen.findByRole("button", { name: /22.*12:00.*, to api\.example\.com/ }));

  expect(await screen.findByText("You word facts.")).toBeVisible();
});
