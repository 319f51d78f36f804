// What the editor of formatted text takes of ProseMirror.
export { EditorState } from "prosemirror-state";
export { EditorView } from "prosemirror-view";
export { Schema, DOMParser, DOMSerializer } from "prosemirror-model";
export { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
export { keymap } from "prosemirror-keymap";
export { history, undo, redo, undoDepth, redoDepth } from "prosemirror-history";
export { wrapInList, splitListItem, liftListItem, sinkListItem } from "prosemirror-schema-list";
export { inputRules, textblockTypeInputRule, wrappingInputRule, undoInputRule } from "prosemirror-inputrules";
export { dropCursor } from "prosemirror-dropcursor";
export { gapCursor } from "prosemirror-gapcursor";
