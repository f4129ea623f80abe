import { clsx } from "clsx";
import { type ReactNode, useId } from "react";
import styles from "./section.module.css";

export interface SectionProps {
  title: string;
  /** One or two sentences below the title. */
  description?: ReactNode;
  children: ReactNode;
}

/** A titled section of a page. */
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

/** A list of rows, each with its actions. */
export function RowList({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul aria-label={label} className={styles.lines}>
      {children}
    </ul>
  );
}

export interface RowProps {
  title: ReactNode;
  /** Muted text below the title. */
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

/** A small label beside a text. */
export function Badge({ children }: { children: ReactNode }) {
  return <span className={styles.mark}>{children}</span>;
}
