import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import styles from "./section.module.css";

export interface SectionProps {
  title: string;
  /** What it is about, in a sentence or two. */
  about?: ReactNode;
  children: ReactNode;
}

/** A part of a page that is read by itself. */
export function Section({ title, about, children }: SectionProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <header>
        <h2 id={heading} className={styles.title}>
          {title}
        </h2>
        {about ? <p className={styles.about}>{about}</p> : null}
      </header>
      {children}
    </section>
  );
}

/** Things one below the other, each with what can be done about it. */
export function Lines({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul aria-label={label} className={styles.lines}>
      {children}
    </ul>
  );
}

export interface LineProps {
  what: ReactNode;
  /** Said softly below. */
  more?: ReactNode;
  children?: ReactNode;
  className?: string;
}

export function Line({ what, more, children, className }: LineProps) {
  return (
    <li className={clsx(styles.line, className)}>
      <div className={styles.words}>
        <div className={styles.what} dir="auto">
          {what}
        </div>
        {more ? <div className={styles.more}>{more}</div> : null}
      </div>
      {children ? <div className={styles.actions}>{children}</div> : null}
    </li>
  );
}

/** A small word beside what it marks. */
export function Mark({ children }: { children: ReactNode }) {
  return <span className={styles.mark}>{children}</span>;
}
