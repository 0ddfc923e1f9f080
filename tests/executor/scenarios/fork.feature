Feature: Fork Task
  Branches side by side; all of them, or the first.

  Scenario: Without competition the outputs of all branches come in their order
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: without-competition-the-outputs-of-all-branches-come-in-their
      version: '1.0.0'
    do:
      - both:
          fork:
            branches:
              - slow:
                  do:
                    - pause:
                        wait: PT1M
                    - s:
                        set: { from: slow }
              - quick:
                  set: { from: quick }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - from: slow
    - from: quick
    """

  Scenario: All branches get the input of the fork
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: all-branches-get-the-input-of-the-fork
      version: '1.0.0'
    do:
      - both:
          fork:
            branches:
              - a:
                  set: { n: '${ .n + 1 }' }
              - b:
                  set: { n: '${ .n + 2 }' }
    """
    And given the workflow input is:
    """yaml
    n: 1
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    - n: 2
    - n: 3
    """

  Scenario: With competition the first branch to end wins and the others are cancelled
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: with-competition-the-first-branch-to-end-wins-and-the-others-a
      version: '1.0.0'
    do:
      - race:
          fork:
            compete: true
            branches:
              - tortoise:
                  do:
                    - pause:
                        wait: PT1H
                    - t:
                        set: { winner: tortoise }
              - hare:
                  do:
                    - pause2:
                        wait: PT1M
                    - h:
                        set: { winner: hare }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    winner: hare
    """
    And h should run last

  Scenario: With competition a failing branch does not win
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: with-competition-a-failing-branch-does-not-win
      version: '1.0.0'
    do:
      - race:
          fork:
            compete: true
            branches:
              - broken:
                  raise: { error: { type: 'https://example.com/errors/x', status: 500 } }
              - sound:
                  do:
                    - pause:
                        wait: PT1S
                    - s:
                        set: { winner: sound }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    winner: sound
    """

  Scenario: One failing branch fails the fork
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: one-failing-branch-fails-the-fork
      version: '1.0.0'
    do:
      - t:
          try:
            - both:
                fork:
                  branches:
                    - sound:
                        wait: PT1H
                    - broken:
                        raise: { error: { type: 'https://example.com/errors/x', status: 500 } }
          catch:
            do:
              - tell:
                  set: { at: '${ $error.instance }' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    at: /do/0/t/try/0/both/fork/branches/1/broken
    """

  Scenario: Calls of branches are in flight together
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: calls-of-branches-are-in-flight-together
      version: '1.0.0'
    do:
      - all:
          fork:
            branches:
              - a:
                  call: http
                  with: { method: get, endpoint: 'https://httpbin.org/slow/150' }
              - b:
                  call: http
                  with: { method: get, endpoint: 'https://httpbin.org/slow/150' }
              - c:
                  call: http
                  with: { method: get, endpoint: 'https://httpbin.org/slow/150' }
          output: { as: '[.[].slow]' }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ 150, 150, 150 ]
    """

  Scenario: A fork in a fork
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: a-fork-in-a-fork
      version: '1.0.0'
    do:
      - outer:
          fork:
            branches:
              - inner:
                  fork:
                    branches:
                      - a:
                          set: '${ 1 }'
                      - b:
                          set: '${ 2 }'
              - c:
                  set: '${ 3 }'
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    [ [ 1, 2 ], 3 ]
    """

  Scenario: The end of the workflow within a branch ends the others
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: the-end-of-the-workflow-within-a-branch-ends-the-others
      version: '1.0.0'
    do:
      - both:
          fork:
            branches:
              - ending:
                  do:
                    - stop:
                        set: { ended: true }
                        then: end
              - waiting:
                  wait: P1D
      - never:
          set: { lost: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    ended: true
    """
