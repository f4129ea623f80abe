import styles from "./wordmark.module.css";

/** Outlay's logo and name. */
export function Wordmark() {
  return (
    <span className={styles.wordmark}>
      <svg aria-hidden="true" width="26" height="26" viewBox="0 0 32 32">
        <rect className={styles.cover} width="32" height="32" rx="8" />
        <path className={styles.lines} d="M9 10h14M9 16h14M9 22h8" />
        <circle className={styles.dot} cx="23" cy="22" r="2.6" />
      </svg>
      Outlay
    </span>
  );
}
