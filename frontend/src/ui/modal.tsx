import type { ReactNode } from "react";
import { Dialog } from "react-aria-components/Dialog";
import { Heading } from "react-aria-components/Heading";
import { Modal as AriaModal, ModalOverlay } from "react-aria-components/Modal";
import styles from "./modal.module.css";

export interface ModalProps {
  title: string;
  isOpen: boolean;
  onClose(): void;
  /** `alertdialog` for a question that must be answered. */
  role?: "dialog" | "alertdialog";
  /** Whether a click outside closes it; false if that would lose input. */
  isDismissable?: boolean;
  children: ReactNode;
}

/** A modal dialog. Escape or a click outside closes it, and the focus returns to where it was. */
export function Modal({ title, isOpen, onClose, role = "dialog", isDismissable = true, children }: ModalProps) {
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={isDismissable}
      className={styles.veil ?? ""}
    >
      <AriaModal className={styles.modal ?? ""}>
        <Dialog role={role} className={styles.dialog ?? ""}>
          <Heading slot="title" className={styles.title ?? ""}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
