import { fileURLToPath } from "node:url";
import { lingui } from "@lingui/vite-plugin";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The running Outlay that `npm run dev` proxies /api to. */
const gateway = process.env.OUTLAY_GATEWAY ?? "http://localhost:8000";

/** The API's origin if it does not serve the app; see index.html. */
process.env.VITE_API_ORIGIN ??= "";

export default defineConfig({
  plugins: [
    react({ babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }),
    lingui(),
    // React Aria has its own texts in 30 languages; ours are in src/locales.
    optimizeLocales.vite({ locales: ["en-US"] }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  server: { proxy: { "/api": gateway } },
  build: {
    target: "es2023",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    // The Content-Security-Policy allows only 'self', so no data: URLs for small assets.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    restoreMocks: true,
    // Far more than any test needs on a healthy machine.
    testTimeout: 30_000,
  },
});
