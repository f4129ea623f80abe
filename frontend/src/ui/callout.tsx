import { clsx } from "clsx";
import type { ReactNode } from "react";
import styles from "./callout.module.css";

export interface CalloutProps {
  /** `fault` is read aloud at once, the others when the reader pauses. */
  kind?: "note" | "good" | "fault";
  children: ReactNode;
  /** What one can do about it. */
  action?: ReactNode;
}

/** A sentence that belongs to this part of the page. */
export function Callout({ kind = "note", children, action }: CalloutProps) {
  return (
    <div role={kind === "fault" ? "alert" : "status"} className={clsx(styles.callout, styles[kind])}>
      <div>{children}</div>
      {action}
    </div>
  );
}
