import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { AiSettings } from "@/features/insights/components/ai-settings";
import { event, streamed } from "../../../support/events";
import { barriersIn, show } from "../../../support/render";
import { type Answer, json, problem, serve } from "../../../support/server";

const PATH = "/api/v1/insights/settings";
const SETTINGS = {
  model: { name: "small", place: "api.example.com" },
  allowed: false,
  answered_at: null,
  budget: { tokens: 1200, most_tokens: 200_000, cost: "0.0000", most_cost: null },
  presets: [{ name: "Ollama", base_url: "http://localhost:11434/v1", needs_key: false, example: "qwen3:8b" }],
};

function open(answers: Record<string, Answer | Answer[]>) {
  const server = serve({
    [`GET ${PATH}`]: () => json(SETTINGS),
    "GET /api/v1/insights/sent": () => json({ items: [] }),
    ...answers,
  });
  const { container } = show(<AiSettings />);
  return { server, container, user: userEvent.setup() };
}

it("asks for a yes to the place that it names, and can take it back", async () => {
  const { server, user, container } = open({
    [`PUT ${PATH}`]: [() => json({ ...SETTINGS, allowed: true }), () => json(SETTINGS)],
  });
  const yes = await screen.findByRole("switch", { name: "Let the model small at api.example.com help with this ledger" });
  expect(yes).not.toBeChecked();
  expect(screen.getByText("You have used 1,200 of 200,000 tokens today, in all your ledgers together.")).toBeVisible();

  await user.click(yes);
  await waitFor(() => expect(yes).toBeChecked());
  await user.click(yes);
  await waitFor(() => expect(yes).not.toBeChecked());

  const said = await Promise.all(server.to("PUT", PATH).map((request) => request.json()));
  expect(said).toEqual([
    { allowed: true, place: "api.example.com" },
    { allowed: false, place: "api.example.com" },
  ]);
  expect(await barriersIn(container)).toEqual([]);
});

it("stays off, and looks again, where the model has moved meanwhile", async () => {
  const { server, user } = open({ [`PUT ${PATH}`]: () => problem(409, "conflict", { detail: "Please look again." }) });
  const yes = await screen.findByRole("switch");

  await user.click(yes);

  expect(await screen.findByRole("alert")).toHaveTextContent("Please look again.");
  expect(yes).not.toBeChecked();
  await waitFor(() => expect(server.to("GET", PATH)).toHaveLength(2));
});

it("shows what the doctor finds as it is found", async () => {
  const line = streamed();
  const { user, container } = open({ "POST /api/v1/insights/doctor": line.answer });
  await user.click(await screen.findByRole("button", { name: "Look at the server" }));

  line.say(event("finding", { look: "reach", good: true, says: "It answers." }));
  expect(await screen.findByText("It answers.", { exact: false })).toBeVisible();
  line.say(event("finding", { look: "schema", good: false, says: "It does not know this way of asking." }));
  line.say(event("verdict", { good: false, mode: null, says: "The model cannot be used." }));
  line.end();

  expect(await screen.findByRole("alert")).toHaveTextContent("The model cannot be used.");
  expect(screen.getByText("Asked with a schema.")).toBeVisible();
  expect(await barriersIn(container)).toEqual([]);
});

it("without a model is calm, and says how to set one up", async () => {
  const { container } = open({ [`GET ${PATH}`]: () => json({ ...SETTINGS, model: null, budget: null }) });

  expect(await screen.findByText(/A language model is not needed/)).toBeVisible();
  expect(screen.getByText(/OPENAI_BASE_URL=http:\/\/localhost:11434\/v1/)).toBeVisible();
  expect(screen.queryByRole("switch")).toBeNull();
  expect(container.textContent).not.toMatch(/unavailable/i);
});

it("shows what was sent lately, each call word for word", async () => {
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
  const { user } = open({
    "GET /api/v1/insights/sent": () => json({ items: [call] }),
    "GET /api/v1/insights/sent/c1": () => json(call),
  });

  await user.click(await screen.findByRole("button", { name: /22.*12:00.*, to api\.example\.com/ }));

  expect(await screen.findByText("You word facts.")).toBeVisible();
});
