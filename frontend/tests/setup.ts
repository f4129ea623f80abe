import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";
import { startTranslations } from "@/lib/i18n";

startTranslations();
configure({ asyncUtilTimeout: 10_000 });

// jsdom has no layout, so it lacks both observers; these never report anything.
class InertObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
vi.stubGlobal("ResizeObserver", InertObserver);
vi.stubGlobal("IntersectionObserver", InertObserver);

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});
