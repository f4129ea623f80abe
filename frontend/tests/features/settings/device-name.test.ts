import { expect, it } from "vitest";
import { deviceName } from "@/features/settings/device-name";

const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const EDGE =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0";
const SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1";

it.each([
  [CHROME, "Chrome, Linux"],
  [EDGE, "Edge, Windows"],
  [SAFARI, "Safari, iPhone"],
  ["Mozilla/5.0 (Android 16; Mobile; rv:144.0) Gecko/144.0 Firefox/144.0", "Firefox, Android"],
  ["curl/8.5.0", "curl/8.5.0"],
  ["outlay-backup (by Ada)", "outlay-backup"],
  [null, null],
])("names %s", (agent, name) => {
  expect(deviceName(agent)).toBe(name);
});
