import { expect, test, vi } from "vitest";

import { announceSessionEnd, onSessionEnd, type SessionEndReason } from "../../../src/lib/api/session";

const otherTab = new BroadcastChannel("outlay.session");

test.each<[unknown, SessionEndReason]>([
  ["signed-out", "signed-out"],
  ["left", "signed-out"],
  ["expired", "expired"],
  ["a word of a later version", "expired"],
])("another tab that sends %s ends the session here as %s", async (message, reason) => {
  const reasons: SessionEndReason[] = [];
  const stop = onSessionEnd((ended) => void reasons.push(ended));

  otherTab.postMessage(message);

  await vi.waitFor(() => expect(reasons).toEqual([reason]));
  stop();
});

test("the other tabs are told why the session has ended", async () => {
  const received: unknown[] = [];
  otherTab.addEventListener("message", (event) => void received.push(event.data), { once: true });

  await announceSessionEnd("signed-out");

  await vi.waitFor(() => expect(received).toEqual(["signed-out"]));
});
