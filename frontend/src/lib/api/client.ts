import createClient from "openapi-fetch";
import * as v from "valibot";
import { API_ORIGIN } from "./origin";
import { UnexpectedResponseError, ApiProblem, parseRetryAfter } from "./errors";
import type { paths } from "./schema";
import { send } from "./transport";

/** The typed API client. `npm run client` generates its types from the OpenAPI document. */
export const api = createClient<paths>({ baseUrl: API_ORIGIN, fetch: send });

type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : never;
type Success<Responses> = Responses extends { 200: infer OkBody }
  ? Json<OkBody>
  : Responses extends { 201: infer CreatedBody }
    ? Json<CreatedBody>
    : never;

/** The body of a path's successful response, as described by the API. */
export type ResponseBody<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Success<Responses>
  : never;

export interface ApiResult<Body = unknown> {
  data?: Body;
  error?: unknown;
  response: Response;
}

/** A response body with the ETag of its version. */
export interface Versioned<Body> {
  body: Body;
  etag: string | null;
}

/** The journal's action for a write. Its id identifies the write for an undo. */
export interface Action {
  id: string;
  revision: number;
}

/** The result of a write; `action` is null if nothing changed. */
export interface WriteResult<Body> {
  body: Body;
  action: Action | null;
}

/** The call that a schema is for: the API describes its body as that. The compiler refuses any other. */
type CallFor<Body> = Promise<ApiResult<NoInfer<Body>>>;

/** Returns the validated response body. Throws an ApiProblem for an error response. */
export async function read<Body>(schema: v.GenericSchema<unknown, Body>, call: CallFor<Body>): Promise<Body> {
  return parseBody(schema, await ensureOk(call));
}

export async function readVersioned<Body>(
  schema: v.GenericSchema<unknown, Body>,
  call: CallFor<Body>,
): Promise<Versioned<Body>> {
  const result = await ensureOk(call);
  return { body: parseBody(schema, result), etag: result.response.headers.get("ETag") };
}

/** Reads figures. `isOutdated` is true if the server could not add a change to the totals yet. */
export async function readFigures<Body extends object>(
  schema: v.GenericSchema<unknown, Body>,
  call: CallFor<Body>,
): Promise<Body & { isOutdated: boolean }> {
  const result = await ensureOk(call);
  return { ...parseBody(schema, result), isOutdated: result.response.headers.has("Outlay-Parked-Revision") };
}

export async function readWriteResult<Body>(
  schema: v.GenericSchema<unknown, Body>,
  call: CallFor<Body>,
): Promise<WriteResult<Body>> {
  const result = await ensureOk(call);
  return { body: parseBody(schema, result), action: actionFrom(result) };
}

/** Throws an ApiProblem for an error response. Sufficient for responses without a body. */
export async function ensureOk(call: Promise<ApiResult>): Promise<ApiResult> {
  const result = await call;
  if (result.response.ok) return result;
  throw new ApiProblem(result.response.status, result.error, parseRetryAfter(result.response));
}

export function actionFrom({ response: { headers } }: ApiResult): Action | null {
  const id = headers.get("Outlay-Action");
  return id ? { id, revision: Number(headers.get("Outlay-Revision") ?? 0) } : null;
}

function parseBody<Body>(schema: v.GenericSchema<unknown, Body>, { data, response }: ApiResult): Body {
  const parsed = v.safeParse(schema, data);
  if (!parsed.success) throw new UnexpectedResponseError(`${new URL(response.url || window.location.href).pathname}`);
  return parsed.output;
}
