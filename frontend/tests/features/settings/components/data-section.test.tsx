import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { DataSection } from "@/features/settings/components/data-section";
import { renderSignedIn } from "../../../support/render";
import { json, problem, mockServer } from "../../../support/server";

const USER = {
  id: "me",
  email: "me@outlay.example",
  name: null,
  email_verified: true,
  pending_email: null,
  admin: false,
  week_start: "monday" as const,
  ledgers: [],
};
const FILE = { "Content-Disposition": 'attachment; filename="outlay-account.json"' };
const saved = vi.fn<(name: string) => void>();

beforeEach(() => {
  saved.mockReset();
  // jsdom lacks both.
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:file", revokeObjectURL: () => {} }));
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    saved(this.download);
  });
});

it("saves the file even if the session had expired", async () => {
  mockServer({
    "GET /api/v1/auth/export": [() => problem(401, "token-expired"), () => json({ account: {} }, FILE)],
    "POST /api/v1/auth/refresh": () => json({}),
  });
  renderSignedIn(<DataSection user={USER} />);
  await userEvent.click(screen.getByRole("button", { name: "Download the account" }));
  await waitFor(() => expect(saved).toHaveBeenCalledExactlyOnceWith("outlay-account.json"));
});

it("shows an error if the file cannot be fetched", async () => {
  mockServer({ "GET /api/v1/export": () => problem(503, "unavailable") });
  renderSignedIn(<DataSection user={USER} />);
  await userEvent.click(screen.getByRole("button", { name: "Download the ledger" }));
  expect(await screen.findByText(/Outlay is busy just now/)).toBeVisible();
  expect(saved).not.toHaveBeenCalled();
});
