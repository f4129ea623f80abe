import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiProblem, UnreachableError } from "@/lib/api/errors";
import { revisions } from "@/lib/api/revisions";
import { onSessionEnd } from "@/lib/api/session";
import { send } from "@/lib/api/transport";
import { json, deferredResponse, problem, mockServer } from "../../support/server";

const REFRESH = "/api/v1/auth/refresh";
const SUMMARY = "/api/v1/summary";
const ended = vi.fn();
let stopListening: () => void;

beforeEach(() => {
  revisions.clear();
  revisions.personalLedger = "mine";
  stopListening = onSessionEnd(ended);
});
afterEach(() => {
  stopListening();
  ended.mockReset();
});

function fetchPath(path: string, init?: RequestInit): Promise<Response> {
  return send(new Request(new URL(path, window.location.origin), init));
}

it("sends the client header with every unsafe request, and with no other", async () => {
  const server = mockServer({ "POST /api/v1/expenses": () => json({}), [`GET ${SUMMARY}`]: () => json({}) });
  await fetchPath("/api/v1/expenses", { method: "POST", body: "{}" });
  await fetchPath(SUMMARY);
  expect(server.requests.map((request) => request.headers.get("Outlay-Client"))).toEqual(["web", null]);
});

it("requests at least the revision of its own write", async () => {
  const server = mockServer({
    "POST /api/v1/expenses": () => json({}, { "Outlay-Revision": "42" }, 201),
    [`GET ${SUMMARY}`]: () => json({}, { "Outlay-Revision": "42" }),
  });
  await fetchPath(SUMMARY);
  await fetchPath("/api/v1/expenses", { method: "POST", body: "{}" });
  await fetchPath(SUMMARY);
  await fetchPath(`${SUMMARY}?ledger=another`);
  const minima = server.requestsTo("GET", SUMMARY).map((request) => request.headers.get("Outlay-Min-Revision"));
  expect(minima).toEqual([null, "42", null]);
});

it("repeats a read that a write has overtaken", async () => {
  const write = () => fetchPath("/api/v1/expenses", { method: "POST", body: "{}" });
  const late = () => write().then(() => json({ total: "0" }, { "Outlay-Revision": "41" }));
  const server = mockServer({
    "POST /api/v1/expenses": () => json({}, { "Outlay-Revision": "42" }, 201),
    [`GET ${SUMMARY}`]: [late, () => json({ total: "5" }, { "Outlay-Revision": "42" })],
  });
  expect(await (await fetchPath(SUMMARY)).json()).toEqual({ total: "5" });
  expect(server.requestsTo("GET", SUMMARY).map((request) => request.headers.get("Outlay-Min-Revision"))).toEqual([
    null,
    "42",
  ]);
});

it("accepts parked figures, and does not repeat the request forever", async () => {
  revisions.advance("mine", 42);
  const parked = { "Outlay-Revision": "40", "Outlay-Parked-Revision": "41" };
  const server = mockServer({ [`GET ${SUMMARY}`]: () => json({}, parked) });
  expect((await fetchPath(SUMMARY)).status).toBe(200);
  expect(server.requests).toHaveLength(1);
});

it("resets the revision if the journal does not know it", async () => {
  revisions.advance("mine", 99);
  const server = mockServer({
    [`GET ${SUMMARY}`]: [() => problem(412, "unknown-revision"), () => json({}, { "Outlay-Revision": "12" })],
  });
  expect((await fetchPath(SUMMARY)).status).toBe(200);
  expect(server.requests.map((request) => request.headers.get("Outlay-Min-Revision"))).toEqual(["99", null]);
  expect(revisions.latest("mine")).toBe(12);
});

it.each(["unauthenticated", "token-stale"])(
  "renews the session once for all waiting requests (%s), and repeats them with the same body",
  async (slug) => {
    let signedIn = false;
    const answer = () => (signedIn ? json({}) : problem(401, slug));
    const server = mockServer({
      [`GET ${SUMMARY}`]: answer,
      "POST /api/v1/expenses": answer,
      [`POST ${REFRESH}`]: () => {
        signedIn = true;
        return json({});
      },
    });
    const write = { method: "POST", body: '{"amount":"1"}' };
    const answers = await Promise.all([fetchPath(SUMMARY), fetchPath("/api/v1/expenses", write), fetchPath(SUMMARY)]);
    expect(answers.map((response) => response.status)).toEqual([200, 200, 200]);
    expect(server.requestsTo("POST", REFRESH)).toHaveLength(1);
    const bodies = await Promise.all(server.requestsTo("POST", "/api/v1/expenses").map((request) => request.text()));
    expect(bodies).toEqual(['{"amount":"1"}', '{"amount":"1"}']);
    expect(ended).not.toHaveBeenCalled();
  },
);

it("announces the session's end if it cannot be renewed", async () => {
  const server = mockServer({
    [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"),
    [`POST ${REFRESH}`]: () => problem(401, "session-over"),
  });
  expect((await fetchPath(SUMMARY)).status).toBe(401);
  expect(ended).toHaveBeenCalledOnce();
  expect(server.requestsTo("GET", SUMMARY)).toHaveLength(1);
});

it("does not end the session if the outcome of the renewal is unknown", async () => {
  mockServer({
    [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"),
    [`POST ${REFRESH}`]: () => problem(503, "unavailable"),
  });
  await expect(fetchPath(SUMMARY)).rejects.toBeInstanceOf(UnreachableError);
  expect(ended).not.toHaveBeenCalled();
});

it("does not renew the session for wrong credentials", async () => {
  const server = mockServer({ "POST /api/v1/auth/login": () => problem(401, "wrong-credentials") });
  expect((await fetchPath("/api/v1/auth/login", { method: "POST", body: "{}" })).status).toBe(401);
  expect(server.requests).toHaveLength(1);
  expect(ended).not.toHaveBeenCalled();
});

it("distinguishes a network failure from a response", async () => {
  mockServer({ [`GET ${SUMMARY}`]: () => Promise.reject(new TypeError("Failed to fetch")) });
  await expect(fetchPath(SUMMARY)).rejects.toBeInstanceOf(UnreachableError);
});

it("maps a problem's pointers to field names", () => {
  const invalidFields = new ApiProblem(422, {
    errors: [
      { pointer: "/amount", detail: "too fine" },
      { pointer: "from", detail: "late" },
    ],
  });
  expect(invalidFields.fields).toEqual({ amount: "too fine", from: "late" });
  expect(new ApiProblem(502, "<html>").fields).toEqual({});
});

it("signs in only when no pending renewal can overwrite the new session's cookies", async () => {
  const renewal = deferredResponse();
  const login = "/api/v1/auth/login";
  const server = mockServer({
    [`GET ${SUMMARY}`]: () => problem(401, "unauthenticated"),
    [`POST ${REFRESH}`]: () => renewal.response,
    [`POST ${login}`]: () => json({}),
  });
  const read = fetchPath(SUMMARY);
  await vi.waitFor(() => expect(server.requestsTo("POST", REFRESH)).toHaveLength(1));
  const signedIn = fetchPath(login, { method: "POST", body: "{}" });
  await Promise.resolve();
  expect(server.requestsTo("POST", login)).toEqual([]);
  renewal.resolveWith(problem(401, "session-over"));
  expect((await signedIn).ok).toBe(true);
  expect((await read).status).toBe(401);
});
