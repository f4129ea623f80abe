import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui, Trans } from "@lingui/react/macro";
import { ApiProblem, ChunkLoadError, CookiesBlockedError, UnreachableError } from "@/lib/api/errors";
import { Button } from "./button";
import { Callout } from "./callout";

const UNREACHABLE = msg`Outlay cannot be reached just now. Check the connection and try again.`;
const CHUNK_NOT_LOADED = msg`This page could not be fetched. Check the connection and try again.`;
const BUSY = msg`Outlay is busy just now. Please try again in a moment.`;
const CHANGED = msg`This was changed meanwhile, here or on another device. What you see now is the newest.`;
const COOKIES_BLOCKED = msg`Your browser keeps no cookies for the server of this page, so you cannot stay signed in here. Allow cookies of other sites for this page, or open Outlay at its server's own address.`;
const NOT_FOUND = msg`This is no longer there. It may have been deleted on another device.`;
const SERVER_ERROR = msg`Something went wrong on our side. Please try again.`;

/** Returns an error message for users: the server's own if it has one for them. */
export function errorMessage(error: unknown): MessageDescriptor | string {
  if (error instanceof UnreachableError) return UNREACHABLE;
  if (error instanceof ChunkLoadError) return CHUNK_NOT_LOADED;
  if (error instanceof CookiesBlockedError) return COOKIES_BLOCKED;
  if (!(error instanceof ApiProblem)) return SERVER_ERROR;
  if (error.isBusy) return BUSY;
  if (error.status === 412) return CHANGED;
  if (error.status === 404) return NOT_FOUND;
  return error.status < 500 && error.message ? error.message : SERVER_ERROR;
}

/** Returns a function that translates an error into a message. */
export function useErrorText(): (error: unknown) => string {
  const { i18n } = useLingui();
  return (error) => {
    const message = errorMessage(error);
    return typeof message === "string" ? message : i18n._(message);
  };
}

/** Shown instead of data that could not be loaded, with a button to retry. */
export function LoadError({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const text = useErrorText();
  return (
    <Callout
      kind="error"
      action={
        <Button onPress={onRetry}>
          <Trans>Try again</Trans>
        </Button>
      }
    >
      {text(error)}
    </Callout>
  );
}
