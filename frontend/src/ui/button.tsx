import { clsx } from "clsx";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import styles from "./button.module.css";

type Look = "solid" | "quiet" | "plain" | "danger" | "icon";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style"> {
  look?: Look;
  className?: string;
}

/** A button. While `isPending` it keeps its place and its focus, and says that it is busy. */
export function Button({ look = "quiet", className, ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={clsx(styles.button, styles[look], className)} />;
}
