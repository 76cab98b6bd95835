interface FlowNode {
  readonly id: string;
  readonly links?: readonly string[];
}

export function composeFlow<Node extends FlowNode>(flow: readonly Node[], addition: readonly Node[]): Node[];
