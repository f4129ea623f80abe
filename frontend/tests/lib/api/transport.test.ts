import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Problem, Unreachable } from "@/lib/api/problems";
import { revisions } from "@/lib/api/revisions";
import { onSessionEnd } from "@/lib/api/session";
import { send } from "@/lib/api/transport";
import { json, later, problem, serve } from "../../support/server";

const REFRESH = "/api/v1/auth/refresh";
const SUMMARY = "/api/v1/summary";
const ended = vi.fn();
let stopListening: () => void;

beforeEach(() => {
  revisions.clear();
  revisions.home = "mine";
  stopListening = onSessionEnd(ended);
});
afterEach(() => {
  stopListening();
  ended.mockReset();
});

function ask(path: string, init?: RequestInit): Promise<Response> {
  return send(new Request(new URL(path, window.location.origin), init));
}

it("says who it comes from with every unsafe request, and with no other", async () => {
  const server = serve({ "POST /api/v1/expenses": () => json({}), [`GET ${SUMMARY}`]: () => json({}) });
  await ask("/api/v1/expenses", { method: "POST", body: "{}" });
  await ask(SUMMARY);
  expect(server.requests.map((request) => request.headers.get("Outlay-Client"))).toEqual(["web", null]);
});

it("asks for at least the revision that its own write made", async () => {
  const server = serve({
    "POST /api/v1/expenses": () => json({}, { "Outlay-Revision": "42" }, 201),
    [`GET ${SUMMARY}`]: () => json({}, { "Outlay-Revision": "42" }),
  });
  await ask(SUMMARY);
  await ask("/api/v1/expenses", { method: "POST", body: "{}" });
  await ask(SUMMARY);
  await ask(`${SUMMARY}?ledger=another`);
  const minima = server.to("GET", SUMMARY).map((request) => request.headers.get("Outlay-Min-Revision"));
  expect(minima).toEqual([null, "42", null]);
});

it("asks again where a write has overtaken a read", async () => {
  const write = () => ask("/api/v1/expenses", { method: "POST", body: "{}" });
  const late = () => write().then(() => json({ total: "0" }, { "Outlay-Revision": "41" }));
  const server = serve({
    "POST /api/v1/expenses": () => json({}, { "Outlay-Revision": "42" }, 201),
    [`GET ${SUMMARY}`]: [late, () => json({ total: "5" }, { "Outlay-Revision": "42" })],
  });
  expect(await (await ask(SUMMARY)).json()).toEqual({ total: "5" });
  expect(server.to("GET", SUMMARY).map((request) => request.headers.get("Outlay-Min-Revision"))).toEqual([null, "42"]);
});

it("takes figures that stand still for what they are, and does not ask for ever", async () => {
  revisions.note("mine", 42);
  const parked = { "Outlay-Revision": "40", "Outlay-Parked-Revision": "41" };
  const server = serve({ [`GET ${SUMMARY}`]: () => json({}, parked) });
  expect((await ask(SUMMARY)).status).toBe(200);
  expect(server.requests).toHaveLength(1);
});

it("starts again from what the journal says where it knows no such revision", async () => {
  revisions.note("mine", 99);
  const server = serve({
    [`GET ${SUMMARY}`]: [() => problem(412, "unknown-revision"), () => json({}, { "Outlay-Revision": "12" })],
  });
  expect((await ask(SUMMARY)).status).toBe(200);
  expect(server.requests.map((request) => request.headers.get("Outlay-Min-Revision"))).toEqual(["99", null]);
  expect(revisions.seen("mine")).toBe(12);
});

it.each(["unauthenticated", "token-stale"])("renews the session once for all who need it (%s), and asks again with the same body", async (slug) => {
  let signedIn = false;
  const answer = () => (signedIn ? json({}) : problem(401, slug));
  const server = serve({
    [`GET ${SUMMARY}`]: answer,
    "POST /api/v1/expenses": answer,
    [`POST ${REFRESH}`]: () => {
      signedIn = true;
      return json({});
    },
  });
  const write = { method: "POST", body: '{"amount":"1"}' };
  const answers = await Promise.all([ask(SUMMARY), ask("/api/v1/expenses", write), ask(SUMMARY)]);
  expect(answers.map((response) => response.status)).toEqual([200, 200, 200]);
  expect(server.to("POST", REFRESH)).toHaveLength(1);
  const bodies = await Promise.all(server.to("POST", "/api/v1/expenses").map((request) => request.text()));
  expect(bodies).toEqual(['{"amount":"1"}', '{"amount":"1"}']);
  expect(ended).not.toHaveBeenCalled();
});

it("says that the session has ended when it cannot be renewed", async () => {
  const server = serve({
    [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"),
    [`POST ${REFRESH}`]: () => problem(401, "session-over"),
  });
  expect((await ask(SUMMARY)).status).toBe(401);
  expect(ended).toHaveBeenCalledOnce();
  expect(server.to("GET", SUMMARY)).toHaveLength(1);
});

it("does not end a session only because no one could say", async () => {
  serve({ [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"), [`POST ${REFRESH}`]: () => problem(503, "unavailable") });
  await expect(ask(SUMMARY)).rejects.toBeInstanceOf(Unreachable);
  expect(ended).not.toHaveBeenCalled();
});

it("takes wrong credentials for what they are", async () => {
  const server = serve({ "POST /api/v1/auth/login": () => problem(401, "wrong-credentials") });
  expect((await ask("/api/v1/auth/login", { method: "POST", body: "{}" })).status).toBe(401);
  expect(server.requests).toHaveLength(1);
  expect(ended).not.toHaveBeenCalled();
});

it("tells a missing network from an answer", async () => {
  serve({ [`GET ${SUMMARY}`]: () => Promise.reject(new TypeError("Failed to fetch")) });
  await expect(ask(SUMMARY)).rejects.toBeInstanceOf(Unreachable);
});

it("names the fields that a problem points at", () => {
  const found = new Problem(422, { errors: [{ pointer: "/amount", detail: "too fine" }, { pointer: "from", detail: "late" }] });
  expect(found.fields).toEqual({ amount: "too fine", from: "late" });
  expect(new Problem(502, "<html>").fields).toEqual({});
});

it("signs in only when no answer about the session before can come and overwrite its cookies", async () => {
  const renewal = later();
  const login = "/api/v1/auth/login";
  const server = serve({
    [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"),
    [`POST ${REFRESH}`]: () => renewal.answer,
    [`POST ${login}`]: () => json({}),
  });
  const read = ask(SUMMARY);
  await vi.waitFor(() => expect(server.to("POST", REFRESH)).toHaveLength(1));
  const signedIn = ask(login, { method: "POST", body: "{}" });
  await Promise.resolve();
  expect(server.to("POST", login)).toEqual([]);
  renewal.give(problem(401, "session-over"));
  expect((await signedIn).ok).toBe(true);
  expect((await read).status).toBe(401);
});
