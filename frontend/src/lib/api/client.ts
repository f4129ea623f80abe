import createClient from "openapi-fetch";
import * as v from "valibot";
import { API_ORIGIN } from "./origin";
import { Misread, Problem, retryAfterOf } from "./problems";
import type { paths } from "./schema";
import { send } from "./transport";

/** The typed client of the API; `npm run client` writes its types from the OpenAPI document. */
export const api = createClient<paths>({ baseUrl: API_ORIGIN, fetch: send });

type Json<Response> = Response extends { content: { "application/json": infer Body } } ? Body : never;
type Success<Responses> = Responses extends { 200: infer Found }
  ? Json<Found>
  : Responses extends { 201: infer Made }
    ? Json<Made>
    : never;

/** What a path answers to a method, as the API describes it. */
export type Answer<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: infer Responses;
}
  ? Success<Responses>
  : never;

export interface Outcome {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** An answer and the ETag that names its version. */
export interface Tagged<Body> {
  body: Body;
  etag: string | null;
}

/** What a write did, as the journal knows it: its id names it for an undo. */
export interface Action {
  id: string;
  revision: number;
}

/** An answer to a write; no action where nothing changed. */
export interface Written<Body> {
  body: Body;
  action: Action | null;
}

/** The answer as a value that has the shape asked for; a Problem is thrown where the server said no. */
export async function read<Body>(shape: v.GenericSchema<unknown, Body>, call: Promise<Outcome>): Promise<Body> {
  return shaped(shape, await done(call));
}

export async function readTagged<Body>(
  shape: v.GenericSchema<unknown, Body>,
  call: Promise<Outcome>,
): Promise<Tagged<Body>> {
  const outcome = await done(call);
  return { body: shaped(shape, outcome), etag: outcome.response.headers.get("ETag") };
}

/** Figures and whether they are older than the book, because a change of it could not be taken in yet. */
export async function readFigures<Body extends object>(
  shape: v.GenericSchema<unknown, Body>,
  call: Promise<Outcome>,
): Promise<Body & { older: boolean }> {
  const outcome = await done(call);
  return { ...shaped(shape, outcome), older: outcome.response.headers.has("Outlay-Parked-Revision") };
}

export async function readWritten<Body>(
  shape: v.GenericSchema<unknown, Body>,
  call: Promise<Outcome>,
): Promise<Written<Body>> {
  const outcome = await done(call);
  return { body: shaped(shape, outcome), action: actionOf(outcome) };
}

/** For answers without a body: throws the Problem, if there is one. */
export async function done(call: Promise<Outcome>): Promise<Outcome> {
  const outcome = await call;
  if (outcome.response.ok) return outcome;
  throw new Problem(outcome.response.status, outcome.error, retryAfterOf(outcome.response));
}

export function actionOf({ response: { headers } }: Outcome): Action | null {
  const id = headers.get("Outlay-Action");
  return id ? { id, revision: Number(headers.get("Outlay-Revision") ?? 0) } : null;
}

function shaped<Body>(shape: v.GenericSchema<unknown, Body>, { data, response }: Outcome): Body {
  const found = v.safeParse(shape, data);
  if (!found.success) throw new Misread(`${new URL(response.url || window.location.href).pathname}`);
  return found.output;
}
