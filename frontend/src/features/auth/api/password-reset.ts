import { api, ensureOk } from "@/lib/api/client";

/** Asks for a link by mail. The answer never tells whether there is such an account. */
export function requestPasswordReset(email: string): Promise<unknown> {
  return ensureOk(api.POST("/api/v1/auth/reset-request", { body: { email } }));
}

export function resetPassword(token: string, password: string): Promise<unknown> {
  return ensureOk(api.POST("/api/v1/auth/reset", { body: { token, password } }));
}
