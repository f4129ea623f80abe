import styles from "./secret.module.css";

/** What is shown only once, such as a token or a link: one press selects all of it. */
export function Secret({ children }: { children: string }) {
  return <code className={styles.secret}>{children}</code>;
}
