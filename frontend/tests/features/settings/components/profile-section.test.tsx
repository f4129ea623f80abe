import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { ProfileSection } from "@/features/settings/components/profile-section";
import type { User } from "@/lib/api/current-user";
import { renderSignedIn } from "../../../support/render";
import { json, mockServer } from "../../../support/server";

const USER: User = {
  id: "me",
  email: "me@outlay.example",
  name: null,
  email_verified: true,
  pending_email: null,
  admin: false,
  week_start: "sunday",
  ledgers: [],
};

it("saves the first day of the week, and sends no unchanged fields", async () => {
  const server = mockServer({ "PATCH /api/v1/auth/me": () => json({ ...USER, week_start: "saturday" }) });
  renderSignedIn(<ProfileSection user={USER} />);
  await userEvent.click(screen.getByRole("button", { name: /Sunday/ }));
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["Monday", "Sunday", "Saturday"]);
  await userEvent.click(screen.getByRole("option", { name: "Saturday" }));
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved.")).toBeVisible();
  expect(await server.requestsTo("PATCH", "/api/v1/auth/me")[0]?.json()).toEqual({
    name: null,
    week_start: "saturday",
  });
});
