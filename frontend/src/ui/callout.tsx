import { clsx } from "clsx";
import type { ReactNode } from "react";
import styles from "./callout.module.css";

export interface CalloutProps {
  /** Screen readers announce `error` at once, the others when they are idle. */
  kind?: "note" | "success" | "error";
  children: ReactNode;
  /** What the user can do about it. */
  action?: ReactNode;
}

const CLASSES = { note: styles.note, success: styles.good, error: styles.fault } as const;

/** A message about this part of the page. */
export function Callout({ kind = "note", children, action }: CalloutProps) {
  return (
    <div role={kind === "error" ? "alert" : "status"} className={clsx(styles.callout, CLASSES[kind])}>
      <div>{children}</div>
      {action}
    </div>
  );
}
