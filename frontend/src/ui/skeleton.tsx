import styles from "./skeleton.module.css";

/** A placeholder of the size of the content that is loading, so that the layout does not shift. */
export function Skeleton({ width = "100%", height = "1rem" }: { width?: string; height?: string }) {
  return <span aria-hidden="true" className={styles.skeleton} style={{ inlineSize: width, blockSize: height }} />;
}
