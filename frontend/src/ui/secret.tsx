import styles from "./secret.module.css";

/** A value that is shown only once, such as a token or a link. One click selects all of it. */
export function Secret({ children }: { children: string }) {
  return <code className={styles.secret}>{children}</code>;
}
