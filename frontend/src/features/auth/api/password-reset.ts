import { api, ensureOk } from "@/lib/api/client";

/** Requests a reset link by email. The response never reveals whether the account exists. */
export function requestPasswordReset(email: string): Promise<unknown> {
  return ensureOk(api.POST("/api/v1/auth/reset-request", { body: { email } }));
}

export function resetPassword(token: string, password: string): Promise<unknown> {
  return ensureOk(api.POST("/api/v1/auth/reset", { body: { token, password } }));
}
