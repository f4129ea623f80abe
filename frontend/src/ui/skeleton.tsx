import styles from "./skeleton.module.css";

/** Holds the place of what is being fetched, in its size, so that nothing jumps. */
export function Skeleton({ width = "100%", height = "1rem" }: { width?: string; height?: string }) {
  return <span aria-hidden="true" className={styles.skeleton} style={{ inlineSize: width, blockSize: height }} />;
}
