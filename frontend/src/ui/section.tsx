import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import styles from "./section.module.css";

export interface SectionProps {
  title: string;
  /** What it is about, in a sentence or two. */
  description?: ReactNode;
  children: ReactNode;
}

/** A part of a page that is read by itself. */
export function Section({ title, description, children }: SectionProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className={styles.section}>
      <header>
        <h2 id={heading} className={styles.title}>
          {title}
        </h2>
        {description ? <p className={styles.about}>{description}</p> : null}
      </header>
      {children}
    </section>
  );
}

/** Things one below the other, each with what can be done about it. */
export function RowList({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul aria-label={label} className={styles.lines}>
      {children}
    </ul>
  );
}

export interface RowProps {
  title: ReactNode;
  /** Said softly below. */
  details?: ReactNode;
  children?: ReactNode;
  className?: string;
}

export function Row({ title, details, children, className }: RowProps) {
  return (
    <li className={clsx(styles.line, className)}>
      <div className={styles.words}>
        <div className={styles.what} dir="auto">
          {title}
        </div>
        {details ? <div className={styles.more}>{details}</div> : null}
      </div>
      {children ? <div className={styles.actions}>{children}</div> : null}
    </li>
  );
}

/** A small word beside what it marks. */
export function Badge({ children }: { children: ReactNode }) {
  return <span className={styles.mark}>{children}</span>;
}
