import createClient from "openapi-fetch";
import * as v from "valibot";
import { API_ORIGIN } from "./origin";
import { UnexpectedResponseError, ApiProblem, parseRetryAfter } from "./errors";
import type { paths } from "./schema";
import { send } from "./transport";

/** The typed client of the API; `npm run client` writes its types from the OpenAPI document. */
export const api = createClient<paths>({ baseUrl: API_ORIGIN, fetch: send });

type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : never;
type Success<Responses> = Responses extends { 200: infer OkBody }
  ? Json<OkBody>
  : Responses extends { 201: infer CreatedBody }
    ? Json<CreatedBody>
    : never;

/** What a path answers to a method, as the API describes it. */
export type ResponseBody<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Success<Responses>
  : never;

export interface ApiResult {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** An answer and the ETag that names its version. */
export interface Versioned<Body> {
  body: Body;
  etag: string | null;
}

/** What a write did, as the journal knows it: its id names it for an undo. */
export interface Action {
  id: string;
  revision: number;
}

/** An answer to a write; no action where nothing changed. */
export interface WriteResult<Body> {
  body: Body;
  action: Action | null;
}

/** The answer as a value that has the shape asked for; a Problem is thrown where the server said no. */
export async function read<Body>(schema: v.GenericSchema<unknown, Body>, call: Promise<ApiResult>): Promise<Body> {
  return parseBody(schema, await ensureOk(call));
}

export async function readVersioned<Body>(
  schema: v.GenericSchema<unknown, Body>,
  call: Promise<ApiResult>,
): Promise<Versioned<Body>> {
  const result = await ensureOk(call);
  return { body: parseBody(schema, result), etag: result.response.headers.get("ETag") };
}

/** Figures and whether they are older than the book, because a change of it could not be taken in yet. */
export async function readFigures<Body extends object>(
  schema: v.GenericSchema<unknown, Body>,
  call: Promise<ApiResult>,
): Promise<Body & { isOutdated: boolean }> {
  const result = await ensureOk(call);
  return { ...parseBody(schema, result), isOutdated: result.response.headers.has("Outlay-Parked-Revision") };
}

export async function readWriteResult<Body>(
  schema: v.GenericSchema<unknown, Body>,
  call: Promise<ApiResult>,
): Promise<WriteResult<Body>> {
  const result = await ensureOk(call);
  return { body: parseBody(schema, result), action: actionFrom(result) };
}

/** For answers without a body: throws the Problem, if there is one. */
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
