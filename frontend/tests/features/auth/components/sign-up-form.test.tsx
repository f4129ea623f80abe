import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { SignUpForm } from "@/features/auth/components/sign-up-form";
import { guessCurrency } from "@/lib/money/currencies";
import { browserLocale } from "@/lib/locale";
import { renderSignedIn } from "../../../support/render";

it("keeps the guessed currency when the user tabs through the form", async () => {
  renderSignedIn(<SignUpForm onDone={vi.fn()} />);
  const currency = screen.getByRole("combobox", { name: "Currency" });
  const guessed = new RegExp(`\\(${guessCurrency(browserLocale())}\\)$`);
  expect(currency).toHaveDisplayValue(guessed);
  await userEvent.click(currency);
  await userEvent.tab();
  expect(screen.getByRole("button", { name: "Create account" })).toHaveFocus();
  expect(currency).toHaveDisplayValue(guessed);
});
