import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { JournalEntry } from "@/features/activity/api/journal";
import { ActivityList } from "@/features/activity/components/activity-list";
import { revisions } from "@/lib/api/revisions";
import { USER_ID, aChange, anEntry, anImage } from "../../../support/journal";
import { LEDGER } from "../../../support/ledger";
import { accessibilityViolations, renderSignedIn } from "../../../support/render";
import { type Responder, json, problem, mockServer } from "../../../support/server";

const FOOD = { id: "c1", name: "Food", parent_id: null, colour: null, icon: null };
const OPENED = anEntry(1, "open_ledger", [aChange("l", null, { currency: "EUR" }, "ledger")], {
  actor: null,
  via: "system",
});
const CHANGED_IMAGE = anImage({ category: "c1", amount: "13.00" });

const BOB = { account: "bob", name: "Bob", role: "editor" };
const MEMBERS = `GET /api/v1/ledgers/${LEDGER.id}/members`;

beforeEach(() => revisions.clear());

/** Mocks a journal that pages like the API. */
function setUp(
  entries: JournalEntry[],
  undo = vi.fn(),
  members: Responder = () => json({ items: [BOB], next_cursor: null }),
  most = Number.POSITIVE_INFINITY,
) {
  const page = (request: Request): Response => {
    const query = new URL(request.url).searchParams;
    const rest = entries.filter((entry) => entry.revision > Number(query.get("after")));
    return json({ items: rest.slice(0, Math.min(Number(query.get("limit")), most)), head: entries.length });
  };
  const server = mockServer({
    "GET /api/v1/categories": () => json({ items: [FOOD], next_cursor: null }),
    "GET /api/v1/journal": page,
    [MEMBERS]: members,
  });
  return { server, undo, ...renderSignedIn(<ActivityList userId={USER_ID} />, undo) };
}

function countRows(): number {
  return screen.getAllByText(/^You added|was opened/).length;
}

it("continues after a page that the server ended early because of large entries", async () => {
  const added = [2, 3, 4, 5].map((revision) =>
    anEntry(revision, "record_expense", [aChange(`x${revision}`, null, anImage({ category: "c1" }))]),
  );
  setUp([OPENED, ...added], undefined, undefined, 2);
  await waitFor(() => expect(countRows()).toBe(5));
});

it("describes who did what, when and through which channel, newest first", async () => {
  const { container } = setUp([
    OPENED,
    anEntry(2, "record_expense", [
      aChange("c1", null, { name: "Food" }, "category"),
      aChange("x", null, anImage({ category: "c1" })),
    ]),
    anEntry(3, "correct_expense", [aChange("x", anImage({ category: "c1" }), CHANGED_IMAGE)], {
      occurred_at: "2026-11-23T08:05:00Z",
    }),
    anEntry(4, "remove_expense", [aChange("x", CHANGED_IMAGE, null)], {
      actor: "bob",
      via: "api",
      occurred_at: "2026-11-23T09:00:00Z",
    }),
  ]);
  expect(await screen.findByText("Bob deleted Rewe, €13.00")).toBeVisible();
  const lines = screen.getAllByRole("listitem").map((line) => line.textContent);
  expect(lines).toEqual([
    expect.stringContaining("09:00 · through the API"),
    expect.stringContaining("You changed Rewe, €12.50 → €13.0008:05 · in the app"),
    expect.stringContaining("You added Rewe, €12.50New category: Food20:14 · in the app"),
    expect.stringContaining("This ledger was opened.20:14 · by Outlay itself"),
  ]);
  expect(screen.getAllByRole("heading", { level: 2 }).map((day) => day.textContent)).toEqual([
    expect.stringContaining("23 November"),
    expect.stringContaining("22 November"),
  ]);
  expect(await accessibilityViolations(container)).toEqual([]);
});

it("names a member whose role only a newer server knows", async () => {
  const entry = anEntry(2, "record_expense", [aChange("x", null, anImage())], { actor: "bob" });
  setUp([OPENED, entry], vi.fn(), () => json({ items: [{ ...BOB, role: "new" }], next_cursor: null }));
  expect(await screen.findByText("Bob added Rewe, €12.50")).toBeVisible();
});

it("shows a former member without a name", async () => {
  const entry = anEntry(2, "record_expense", [aChange("x", null, anImage())], { actor: "gone" });
  setUp([OPENED, entry]);
  expect(await screen.findByText("A former member added Rewe, €12.50")).toBeVisible();
});

it("does not call an actor a former member if the members are unknown", async () => {
  const entry = anEntry(2, "record_expense", [aChange("x", null, anImage())], { actor: "bob" });
  const { server } = setUp([OPENED, entry], vi.fn(), () => problem(503, "unavailable"));
  await waitFor(() => expect(server.requests.filter((request) => request.url.endsWith("/members"))).not.toEqual([]));
  expect(await screen.findByText("Someone in this ledger added Rewe, €12.50")).toBeVisible();
});

it("does not fetch the members if there are no other actors", async () => {
  const { server } = setUp([OPENED, anEntry(2, "record_expense", [aChange("x", null, anImage())])]);
  await screen.findByText(/You added/);
  expect(server.requests.filter((request) => request.url.endsWith("/members"))).toEqual([]);
});

it("undoes a whole action, identified by its first entry's revision", async () => {
  const part = { action_id: "a", via: "import" } as const;
  const first = anEntry(2, "import", [aChange("w", null, anImage()), aChange("x", null, anImage())], part);
  const second = anEntry(3, "import", [aChange("y", null, anImage()), aChange("z", null, anImage())], part);
  const { undo } = setUp([OPENED, first, second]);
  await userEvent.click(await screen.findByRole("button", { name: "Undo: You added 4 expenses" }));
  expect(undo).toHaveBeenCalledExactlyOnceWith({ id: "a", revision: 2 });
});

it("marks undone actions and undos, and offers to undo an undo", async () => {
  setUp([
    OPENED,
    anEntry(2, "record_expense", [aChange("x", null, anImage())]),
    anEntry(3, "undo_action", [aChange("x", anImage(), null)]),
  ]);
  await screen.findByText("You took back Rewe, €12.50");
  const [undo, added] = screen.getAllByRole("listitem").map((line) => within(line));
  expect(undo?.getByRole("button", { name: "Undo: You took back Rewe, €12.50" })).toBeVisible();
  expect(added?.getByText("Undone")).toBeVisible();
  expect(added?.queryByRole("button")).toBeNull();
});

it("starts at the end of a long journal and loads earlier pages on request", async () => {
  const added = Array.from({ length: 119 }, (_, index) =>
    anEntry(index + 2, "record_expense", [aChange(`x${index}`, null, anImage())]),
  );
  const { server } = setUp([OPENED, ...added]);
  await waitFor(() => expect(countRows()).toBe(50));
  await userEvent.click(screen.getByText("Show earlier changes"));
  await waitFor(() => expect(countRows()).toBe(100));
  await userEvent.click(screen.getByText("Show earlier changes"));
  await waitFor(() => expect(countRows()).toBe(120));
  expect(screen.queryByText("Show earlier changes")).toBeNull();
  const searches = server.requestsTo("GET", "/api/v1/journal").map((request) => new URL(request.url).search);
  expect(searches).toEqual(["?after=0&limit=1", "?after=70&limit=50", "?after=20&limit=50", "?after=0&limit=20"]);
});

it("sends one request if the end of the journal is known", async () => {
  revisions.advance(LEDGER.id, 2);
  const { server } = setUp([OPENED, anEntry(2, "record_expense", [aChange("x", null, anImage())])]);
  await screen.findByText(/You added/);
  expect(server.requestsTo("GET", "/api/v1/journal")).toHaveLength(1);
});

it("explains the empty list", async () => {
  setUp([OPENED]);
  expect(await screen.findByText(/Nothing has been written down yet/)).toBeVisible();
});
