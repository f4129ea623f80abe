import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui, Trans } from "@lingui/react/macro";
import { Problem, Unfetched, Unkept, Unreachable } from "@/lib/api/problems";
import { Button } from "./button";
import { Callout } from "./callout";

const AWAY = msg`Outlay cannot be reached just now. Check the connection and try again.`;
const UNFETCHED = msg`This page could not be fetched. Check the connection and try again.`;
const BUSY = msg`Outlay is busy just now. Please try again in a moment.`;
const CHANGED = msg`This was changed meanwhile, here or on another device. What you see now is the newest.`;
const UNKEPT = msg`Your browser keeps no cookies for the server of this page, so you cannot stay signed in here. Allow cookies of other sites for this page, or open Outlay at its server's own address.`;
const GONE = msg`This is no longer there. It may have been deleted on another device.`;
const OURS = msg`Something went wrong on our side. Please try again.`;

/** What went wrong, in plain words: the server's own where it has some for people. */
export function faultOf(error: unknown): MessageDescriptor | string {
  if (error instanceof Unreachable) return AWAY;
  if (error instanceof Unfetched) return UNFETCHED;
  if (error instanceof Unkept) return UNKEPT;
  if (!(error instanceof Problem)) return OURS;
  if (error.isBusy) return BUSY;
  if (error.status === 412) return CHANGED;
  if (error.status === 404) return GONE;
  return error.status < 500 && error.message ? error.message : OURS;
}

/** The same, ready to show. */
export function useFaultText(): (error: unknown) => string {
  const { i18n } = useLingui();
  return (error) => {
    const fault = faultOf(error);
    return typeof fault === "string" ? fault : i18n._(fault);
  };
}

/** Stands where something could not be shown, with a way to try again. */
export function LoadFault({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const text = useFaultText();
  return (
    <Callout
      kind="fault"
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
