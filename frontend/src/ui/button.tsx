import { clsx } from "clsx";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import styles from "./button.module.css";

type ButtonVariant = "solid" | "quiet" | "plain" | "danger" | "icon";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "style"> {
  variant?: ButtonVariant;
  className?: string;
}

/** A button. While `isPending` it keeps its place and focus, and announces that it is busy. */
export function Button({ variant = "quiet", className, ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={clsx(styles.button, styles[variant], className)} />;
}
